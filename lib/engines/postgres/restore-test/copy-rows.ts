import type { RowSummer } from '../../content/row-sum.ts';
import { damaged } from '../../sql/script/refusals.ts';

const NEWLINE = 0x0a;
const DOUBLE_QUOTE = 0x22;
const SEMICOLON = 0x3b;
/** What ends the rows of a frame. */
const END = Buffer.from('\\.\n');

/**
 * Adds the rows of a frame, `COPY … FROM stdin;`, one row a line, `\.`, each as it is written. Nothing is decoded: it
 * meets all bytes of a database.
 * @throws {CofreError} `BACKUP_DAMAGED` for what is no such frame
 */
export function addCopy(frame: Uint8Array, table: string, rows: Pick<RowSummer, 'add'>): void {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  let at = endOfHeader(bytes);
  const end = bytes.lastIndexOf(END);
  if (at < 0 || end < at || (end > at && bytes[end - 1] !== NEWLINE)) {
    throw damaged(`has a frame of the table ${table} that is not whole`);
  }
  while (at < end) {
    const next = bytes.indexOf(NEWLINE, at);
    rows.add(bytes.subarray(at, next));
    at = next + 1;
  }
}

/** `COPY … FROM stdin;` of a frame; whole or not. */
export function headerOf(frame: Uint8Array): Uint8Array {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  return bytes.subarray(0, Math.max(0, endOfHeader(bytes)));
}

/** Behind the newline of the first semicolon outside of quotes: names may hold anything. */
function endOfHeader(bytes: Buffer): number {
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === DOUBLE_QUOTE) quoted = !quoted;
    else if (bytes[at] === SEMICOLON && !quoted) return bytes[at + 1] === NEWLINE ? at + 2 : -1;
  }
  return -1;
}
