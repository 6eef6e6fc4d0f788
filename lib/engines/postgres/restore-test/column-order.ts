import type { RowSummer } from '../../content/row-sum.ts';
import { readCopyHeader } from '../script/copy-header.ts';
import { Statement } from '../script/items.ts';
import { decodeLossless } from '../script/lossless.ts';
import type { Entry } from './entries.ts';

const TAB = 0x09;
const CREATE = /^CREATE (?:UNLOGGED )?TABLE (.+) \($/m;

/**
 * Tables, as the dump prints their names, whose columns may come back in another order: PostgreSQL puts inherited
 * columns first, in the order of the parents, whereas `ALTER TABLE` of a parent adds them last (manual, "Inheritance").
 * And those whose rows are written by their root, as a row may come from a partition with an order of its own.
 * @param entries their texts as latin1
 */
export function movable(entries: readonly Entry[]): {
  readonly inheriting: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
} {
  const tables = entries.filter(({ kind }) => kind === 'TABLE');
  const those = (words: RegExp) =>
    tables.filter(({ text }) => words.test(text)).flatMap(({ text }) => nameIn(text));
  return { inheriting: new Set(those(/^INHERITS \(/m)), roots: new Set(those(/^PARTITION BY /m)) };
}

function nameIn(text: string): string[] {
  const [, name] = CREATE.exec(text) ?? [];
  return name === undefined ? [] : [decodeLossless(Buffer.from(name, 'latin1'))];
}

/** The columns that `COPY … (a, b) FROM stdin;` names; none where a table has none. */
export function columnsIn(header: Uint8Array): readonly string[] {
  return readCopyHeader(new Statement(Buffer.from(header), 1, 'SQLASCII'))?.columns ?? [];
}

/** Adds rows as if their columns stood in the order of their names: then it does not matter in which they stand. */
export function byName(rows: Pick<RowSummer, 'add'>, columns: readonly string[]): Pick<RowSummer, 'add'> {
  const order = columns
    .map((name, at) => ({ name, at }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ at }) => at);
  if (order.every((from, to) => from === to)) return rows;
  return { add: (row) => rows.add(inOrder(row, order)) };
}

/** No value holds a tab: COPY writes it as `\t`. */
function inOrder(row: Uint8Array, order: readonly number[]): Uint8Array {
  const values: Uint8Array[] = [];
  for (let at = 0; at <= row.length; ) {
    const tab = row.indexOf(TAB, at);
    const end = tab < 0 ? row.length : tab;
    values.push(row.subarray(at, end));
    at = end + 1;
  }
  const pieces = order.flatMap((from) => [SEPARATOR, values[from] ?? EMPTY]);
  return Buffer.concat(pieces.slice(1));
}

const EMPTY = Buffer.alloc(0);
const SEPARATOR = Buffer.of(TAB);
