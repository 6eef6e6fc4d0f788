import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RowSum } from '../../content/content.ts';
import { rowSummer } from '../../content/row-sum.ts';
import { isMissingExtension, quote } from './check.ts';
import { type RowBytes, rowBytes, type Value } from './row-bytes.ts';

/**
 * Sums a table's rows with their rowids, value by value as they are stored: only stored columns are read, in the order
 * of the table itself, so that nothing of the database's own is evaluated.
 * @throws {Error} SQLite's, when it cannot read the table here
 */
export function sumOfRows(database: DatabaseSync, table: string): RowSum {
  const columns = storedColumns(database, table);
  const isUtf8 = database.prepare('PRAGMA encoding').get()?.['encoding'] === 'UTF-8';
  const sum = isUtf8 ? sumWithStrings(database, table, columns) : undefined;
  return sum ?? sumWithBytes(database, table, columns);
}

/** Texts as strings, the quick way; `undefined` when one of them may not be UTF-8 and so not the same as a string. */
function sumWithStrings(database: DatabaseSync, table: string, columns: Columns): RowSum | undefined {
  const summer = rowSummer();
  const bytes = rowBytes();
  for (const row of iterate(select(database, table, columns, (it) => it))) {
    for (const value of row) {
      if (typeof value === 'string' && value.includes('\ufffd')) return undefined;
      bytes.add(value);
    }
    summer.add(bytes.take());
  }
  return summer.result();
}

/** Each value with a mark beside it, which tells texts, read as bytes, from blobs. */
function sumWithBytes(database: DatabaseSync, table: string, columns: Columns): RowSum {
  const marked = (it: string) =>
    `typeof(${it}) = 'text', iif(typeof(${it}) = 'text', CAST(${it} AS BLOB), ${it})`;
  const summer = rowSummer();
  const bytes = rowBytes();
  for (const row of iterate(select(database, table, columns, marked))) {
    addMarked(bytes, row);
    summer.add(bytes.take());
  }
  return summer.result();
}

function addMarked(bytes: RowBytes, row: readonly Value[]): void {
  for (let at = 0; at < row.length; at += 2) {
    const value = row[at + 1] as Value;
    if (row[at] === 1n) bytes.addText(value as Uint8Array);
    else bytes.add(value);
  }
}

interface Columns {
  /** Quoted. */
  readonly names: readonly string[];
  /** A name of the rowid that no column has taken; `undefined` when all are taken, and it cannot be read. */
  readonly rowid: string | undefined;
}

/** Those of `hidden` in PRAGMA table_xinfo that are in the file: ordinary columns, and generated ones that are stored. */
const STORED = [0, 3];
/** https://www.sqlite.org/lang_createtable.html#rowid */
const ROWID_NAMES = ['_rowid_', 'rowid', 'oid'];

function storedColumns(database: DatabaseSync, table: string): Columns {
  const all = database.prepare('SELECT name, hidden FROM pragma_table_xinfo(?)').all(table);
  const taken = new Set(all.map(({ name }) => String(name).toLowerCase()));
  const stored = all.filter(({ hidden }) => STORED.includes(Number(hidden)));
  return {
    names: stored.map(({ name }) => quote(String(name))),
    rowid: ROWID_NAMES.find((name) => !taken.has(name)),
  };
}

/** A table WITHOUT ROWID does not know the name. NOT INDEXED: an index may need a function or collation that is not here. */
function select(
  database: DatabaseSync,
  table: string,
  { names, rowid }: Columns,
  as: (column: string) => string,
): StatementSync {
  const of = (columns: readonly string[]) =>
    database.prepare(`SELECT ${columns.map(as).join(', ')} FROM main.${quote(table)} NOT INDEXED`);
  if (rowid === undefined) return of(names);
  try {
    return of([rowid, ...names]);
  } catch (error) {
    if (!isMissingExtension(error)) throw error;
    return of(names);
  }
}

function iterate(statement: StatementSync): IterableIterator<Value[]> {
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return statement.iterate() as unknown as IterableIterator<Value[]>;
}
