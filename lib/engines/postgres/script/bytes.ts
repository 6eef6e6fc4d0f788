import { NEWLINE } from '../../sql/script/newlines.ts';

export const TAB = 0x09;

/**
 * Position of the first byte at or after `from` that is 10 or less, as tabs and newlines are; `bytes.length` when there
 * is none.
 */
export function findLow(bytes: Uint8Array, words: Uint32Array, aligned: number, from: number): number {
  let at = from;
  for (; at < bytes.length && (at < aligned || ((at - aligned) & 3) !== 0); at += 1) {
    if (isLow(bytes[at])) return at;
  }
  let word = (at - aligned) >>> 2;
  for (; word < words.length; word += 1) {
    const four = words[word];
    // Not 0 when one of the four bytes is below 11.
    if (four === undefined || ((four - 0x0b0b0b0b) & ~four & 0x80808080) !== 0) break;
  }
  for (at = Math.max(at, aligned + word * 4); at < bytes.length; at++) if (isLow(bytes[at])) break;
  return at;
}

function isLow(byte: number | undefined): boolean {
  return byte !== undefined && byte <= NEWLINE;
}

/** How far a search goes by itself before it is worth calling into native code. */
const NEAR = 48;

/** Position of `byte` at or after `from`, or -1: fast for near and for far ones. */
export function find(bytes: Buffer, byte: number, from: number): number {
  const near = Math.min(from + NEAR, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === byte) return at;
  return near === bytes.length ? -1 : bytes.indexOf(byte, near);
}
