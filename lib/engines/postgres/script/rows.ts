import { countNewlines, NEWLINE } from '../../sql/script/newlines.ts';
import type { Rows } from './items.ts';

/** Most bytes of one part. */
export const PART = 1024 * 1024;

const MARK = Buffer.from('\n\\.');

/** Where the line `\.` begins at or after `from`, and where the next line does; `undefined` when it has not come yet. */
export function findEnd(
  bytes: Buffer,
  from: number,
  midRow: boolean,
): { at: number; next: number } | undefined {
  if (!midRow) {
    const next = endMark(bytes, from);
    if (next) return { at: from, next };
  }
  for (let at = from; ; at += 1) {
    at = bytes.indexOf(MARK, at);
    if (at < 0) return undefined;
    const next = endMark(bytes, at + 1);
    if (next) return { at: at + 1, next };
  }
}

/** Behind a line that is `\.` and nothing else, or 0 (psql's copy.c, handleCopyIn). */
function endMark(bytes: Buffer, at: number): number {
  if (bytes[at] !== 0x5c || bytes[at + 1] !== 0x2e) return 0;
  if (bytes[at + 2] === NEWLINE) return at + 3;
  return bytes[at + 2] === 0x0d && bytes[at + 3] === NEWLINE ? at + 4 : 0;
}

/**
 * Cuts the next part off the rows from `from` to `to`; `to` is a row's end, or all that has come of a row that is
 * longer than a part. Empty when only the beginning of a character is left.
 */
export function nextPart(bytes: Buffer, from: number, to: number): Rows {
  const end = endOfPart(bytes, from, Math.min(to, from + PART));
  const part = bytes.subarray(from, end);
  return {
    kind: 'rows',
    bytes: part,
    rows: countNewlines(part, 0, part.length),
    open: part.at(-1) !== NEWLINE,
  };
}

/** The last row's end, or in a longer row the last character's. */
function endOfPart(bytes: Buffer, from: number, to: number): number {
  const newline = bytes.lastIndexOf(NEWLINE, to - 1);
  if (newline >= from) return newline + 1;
  for (let at = to - 1; at >= Math.max(from, to - 3); at--) {
    const missing = lengthOf(bytes.readUInt8(at)) - (to - at);
    if (missing !== -Infinity) return missing > 0 ? at : to;
  }
  return to;
}

/** Bytes of the UTF-8 character that begins with `byte`; none begins with 10xxxxxx. */
function lengthOf(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc0) return -Infinity;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Where the last row ends that has come whole; `from` when none has. */
export function endOfRows(bytes: Buffer, from: number): number {
  const newline = bytes.lastIndexOf(NEWLINE);
  return newline < from ? from : newline + 1;
}
