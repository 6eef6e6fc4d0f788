export const NEWLINE = 0x0a;

/** Below this many bytes, setting words up costs more than it saves. */
const SHORT = 256;

/** Newlines in `bytes` from `from` up to `to`: four bytes at a time, as Node has nothing native that counts. */
export function countNewlines(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < SHORT) return countOneByOne(bytes, from, to);
  const aligned = alignedFrom(bytes, from);
  const words = wordsOf(bytes, aligned, to);
  return (
    countOneByOne(bytes, from, aligned) +
    countInWords(words) +
    countOneByOne(bytes, aligned + words.length * 4, to)
  );
}

/** The first position at or after `from` whose address is a multiple of 4. */
export function alignedFrom({ byteOffset }: Uint8Array, from: number): number {
  return from + ((4 - ((byteOffset + from) & 3)) & 3);
}

/** The whole words from `aligned` up to `to`; none when that is too near, and `aligned` may be anything. */
export function wordsOf({ buffer, byteOffset }: Uint8Array, aligned: number, to: number): Uint32Array {
  const count = Math.max(0, to - aligned) >>> 2;
  return count === 0 ? NONE : new Uint32Array(buffer, byteOffset + aligned, count);
}

const NONE = new Uint32Array();

function countOneByOne(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] === NEWLINE) count += 1;
  return count;
}

/** Each newline becomes a zero byte, each zero byte a 1 in its lane; a lane holds 255 of them. */
function countInWords(words: Uint32Array): number {
  // Read by a view, which knows that there is a number; the order of a word's bytes does not matter here.
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  let count = 0;
  for (let from = 0; from < words.length; ) {
    const to = Math.min(from + 255, words.length);
    let lanes = 0;
    for (; from < to; from++) {
      const word = view.getUint32(from * 4, true) ^ 0x0a0a0a0a;
      lanes = (lanes + (~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f) >>> 7)) | 0;
    }
    count += (lanes & 0xff) + ((lanes >>> 8) & 0xff) + ((lanes >>> 16) & 0xff) + (lanes >>> 24);
  }
  return count;
}
