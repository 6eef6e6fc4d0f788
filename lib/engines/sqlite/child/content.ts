import type { DatabaseSync } from 'node:sqlite';
import type { ContentObject, ContentSum } from '../../content/content.ts';
import { isMissingExtension } from './check.ts';
import { sumOfPages } from './pages.ts';
import type { ContentReport } from './protocol.ts';
import { sumOfRows } from './rows.ts';

/** What the file's header says to whoever uses it (https://www.sqlite.org/fileformat2.html#the_database_header). */
const PROPERTIES = ['encoding', 'page_size', 'auto_vacuum', 'journal_mode', 'user_version', 'application_id'];

/**
 * All that a database holds. Nothing of its own runs: views, triggers, virtual tables, CHECKs and generated columns that
 * are not stored are compared by their definitions, the rows of a virtual table by the tables that it keeps them in.
 */
export function readContent(database: DatabaseSync, path: string): ContentReport {
  database.exec('PRAGMA trusted_schema = OFF');
  const entries = database
    .prepare('SELECT type, name, tbl_name, rootpage, sql, hex(sql) AS bytes FROM sqlite_schema')
    .all() as unknown as Entry[];
  const tables = entries.filter(({ type, rootpage }) => type === 'table' && rootpage > 0);
  const sequences = tables.some(({ name }) => name === SEQUENCES) ? readSequences(database) : [];
  return {
    objects: [...properties(database), ...entries.map(objectOf), ...sequences],
    sums: tables.filter(({ name }) => name !== SEQUENCES).map(({ name }) => sumOf(database, name, path)),
  };
}

/** A row of the schema; `sql` is null for the index of a UNIQUE or PRIMARY KEY. */
interface Entry {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly rootpage: number;
  readonly sql: string | null;
  readonly bytes: string;
}

function properties(database: DatabaseSync): ContentObject[] {
  return PROPERTIES.map((name) => {
    const value = Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    return { kind: 'DATABASE', name, text: String(value) };
  });
}

function objectOf({ type, name, tbl_name, sql, bytes }: Entry): ContentObject {
  return { kind: type.toUpperCase(), name, text: sql === null ? `(of ${tbl_name})` : exactText(sql, bytes) };
}

/** Bytes that are no UTF-8, which an old SQLite let into a default, all look the same as text. */
function exactText(sql: string, bytes: string): string {
  return sql.includes('\ufffd') ? `${sql} (${bytes})` : sql;
}

/** Where SQLite keeps the highest key that each AUTOINCREMENT has given (https://www.sqlite.org/autoinc.html). */
const SEQUENCES = 'sqlite_sequence';

function readSequences(database: DatabaseSync): ContentObject[] {
  const rows = database
    .prepare(`SELECT CAST(name AS TEXT) AS name, quote(seq) AS text FROM ${SEQUENCES} ORDER BY rowid`)
    .all();
  return rows.map(({ name, text }) => ({ kind: 'SEQUENCE', name: String(name), text: String(text) }));
}

/** By pages where a table's key needs a collation that is not here: SQLite then cannot even walk through its rows. */
function sumOf(database: DatabaseSync, name: string, path: string): ContentSum {
  try {
    return { kind: 'ROWS', name, ...sumOfRows(database, name) };
  } catch (error) {
    if (!isMissingExtension(error)) throw error;
    return { kind: 'PAGES', name, ...sumOfPages(database, name, path) };
  }
}
