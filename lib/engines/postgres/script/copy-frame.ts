import { CofreError } from '../../../errors.ts';
import type { RawFrame } from '../../engine.ts';
import { splitOutside } from './mask.ts';
import { parseName, sqlName, unquote } from './names.ts';

/** A frame of one table's rows, taken apart. */
export interface CopyFrame {
  /** Its first line, without the line break: `COPY … FROM stdin;`. */
  readonly head: string;
  /** The table as the frame names it. */
  readonly name: string;
  /** SQL name of the table, as `sqlName` writes it. */
  readonly table: string;
  /** Names of the columns that each row has. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** The rows in COPY's text format. */
  readonly data: Uint8Array;
}

const HEAD = /^COPY ((?:"(?:[^"]|"")*"|[^" (])+) +(?:\(((?:"(?:[^"]|"")*"|[^")])*)\) )?FROM stdin;$/;
const END = Buffer.from('\\.\n\n');

/** @throws {CofreError} `BACKUP_DAMAGED` when it is no whole COPY block of the table that it says. */
export function readCopyFrame(frame: RawFrame): CopyFrame {
  const { bytes, rows, table: name } = frame;
  const begin = endOfHead(bytes);
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, begin).toString().trimEnd();
  const [, own, list = ''] = HEAD.exec(line) ?? [];
  const end = bytes.length - END.length;
  if (own === undefined || end < begin || END.compare(bytes.subarray(end)) !== 0)
    throw wrong(frame, 'is cut or overwritten');
  const table = sqlName(parseName(own));
  if (name === undefined || table !== sqlName(parseName(name))) {
    throw wrong(frame, `holds rows of ${own}`);
  }
  const columns = splitOutside(list, ',').map(unquote);
  return { head: line, name, table, columns, rows, data: bytes.subarray(begin, end) };
}

/** Where the first line ends that ends outside of quotes: a column's name may hold a line break. */
function endOfHead(bytes: Uint8Array): number {
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x22) quoted = !quoted;
    else if (bytes[at] === 0x0a && !quoted) return at + 1;
  }
  return bytes.length;
}

function wrong(frame: RawFrame, why: string): CofreError {
  return new CofreError('BACKUP_DAMAGED', `A frame of table ${frame.table ?? '(none)'} ${why}.`, {
    hint: 'Nothing was changed. Check the backup with `cofre verify`, and use another one.',
  });
}
