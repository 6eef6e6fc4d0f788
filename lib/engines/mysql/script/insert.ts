import { damaged } from '../../sql/script/refusals.ts';
import type { Statement } from './items.ts';
import { nameAt } from './target.ts';
import { tokensOf } from './tokens.ts';

/** Rows given as values. */
export interface Insert {
  /** Name of the table, as UTF-8 has it. */
  readonly table: string;
  /** Columns that each row has; `undefined` where none are listed. */
  readonly columns: number | undefined;
  /** Where the first row begins, bytes. */
  readonly at: number;
}

const BEGIN = /^(?:INSERT|REPLACE)\b/i;
const WORDS = /^(?:INSERT|REPLACE|LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|INTO)$/;

/** `undefined` for any other statement, also for rows that come from a SELECT. */
export function insertOf({ bytes, head }: Statement): Insert | undefined {
  if (!BEGIN.test(head)) return undefined;
  for (let [text, limit] = [head, 200]; ; limit *= 16) {
    const found = read(text, limit);
    if (found !== 'more') return found;
    if (text.length === bytes.length && limit > text.length) return undefined;
    text = bytes.toString('latin1', 0, text.length * 16);
  }
}

function read(text: string, limit: number): Insert | undefined | 'more' {
  const tokens = tokensOf(text, limit);
  let at = 0;
  for (const { kind, text: word } of tokens) {
    if (kind !== 'word' || !WORDS.test(word)) break;
    at += 1;
  }
  const target = nameAt(tokens, at, text);
  if (!target) return undefined;
  at += target.database === undefined ? 1 : 3;
  const list =
    tokens[at]?.text === '(' ? tokens.findIndex(({ text: mark }, n) => n > at && mark === ')') : -1;
  if (tokens[at]?.text === '(' && list < 0) return 'more';
  const columns =
    list < 0 ? undefined : tokens.slice(at + 1, list).filter(({ text: mark }) => mark !== ',').length;
  const values = tokens[list < 0 ? at : list + 1];
  if (!values) return 'more';
  if (values.kind !== 'word' || !/^VALUES?$/.test(values.text)) return undefined;
  return { table: Buffer.from(target.name, 'latin1').toString(), columns, at: values.to };
}

/** Bytes that matter between values. */
const [OPEN, CLOSE, COMMA, BACKSLASH] = [0x28, 0x29, 0x2c, 0x5c];
const STOP = Uint8Array.from({ length: 256 }, (_, byte) =>
  '(),\'"`'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * Counts the rows of an INSERT without a server.
 * @throws {CofreError} `BACKUP_DAMAGED` when they have not all the same number of values, or that of the columns.
 */
export function countRows({ bytes, line }: Statement, { table, columns, at }: Insert): number {
  let [rows, depth, values, expected] = [0, 0, 0, columns];
  const wrong = (found: number) =>
    damaged(
      `has ${found} values in row ${rows + 1} of ${table} (statement of line ${line}) instead of ${expected}`,
    );
  for (let n = at, byte = bytes[n]; byte !== undefined; byte = bytes[++n]) {
    if (STOP[byte] === 0) continue;
    if (byte === OPEN) {
      depth += 1;
      if (depth === 1) values = isClosed(bytes, n + 1) ? 0 : 1;
    } else if (byte === CLOSE) {
      depth -= 1;
      if (depth > 0) continue;
      if (depth < 0 || (expected !== undefined && values !== expected)) throw wrong(values);
      expected = values;
      rows += 1;
    } else if (byte === COMMA) values += depth === 1 ? 1 : 0;
    else n = endOfQuote(bytes, n);
  }
  if (depth !== 0) throw damaged(`ends amid a row of ${table} (statement of line ${line})`);
  return rows;
}

/** A row may have no values at all. */
function isClosed(bytes: Buffer, at: number): boolean {
  let next = at;
  while (bytes[next] === 0x20) next += 1;
  return bytes[next] === CLOSE;
}

function endOfQuote(bytes: Buffer, at: number): number {
  const quote = bytes[at];
  for (let n = at + 1; n < bytes.length; n++) {
    const byte = bytes[n];
    if (byte === quote) return n;
    if (byte === BACKSLASH && quote !== 0x60) n += 1;
  }
  return bytes.length;
}
