import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { withDatabase } from './sqlite.ts';

const PRAGMAS = ['user_version', 'application_id', 'encoding', 'auto_vacuum', 'page_size'];

/**
 * All that a database holds, as one text: settings in its header, every object's SQL, and a hash of every table's
 * rows with their rowids. Two databases are equal exactly when these are. Not in it: the journal mode, which belongs to
 * how a file is used, and the schema's change counter.
 */
export function fingerprint(path: string): string {
  if (!existsSync(path)) return 'no database';
  return withDatabase(path, (database) => {
    database.exec('BEGIN'); // One moment, whoever writes meanwhile.
    const settings = PRAGMAS.map((name) => `${name} ${first(database, `PRAGMA ${name}`)}`);
    return [...settings, ...objects(database), ...tables(database)].join('\n');
  });
}

/** Rows by ordinary table, as the engine counts them. */
export function rowCounts(path: string): { name: string; rows: number }[] {
  return withDatabase(path, (database) =>
    tableNames(database).map((name) => ({
      name,
      rows: Number(first(database, `SELECT count(*) FROM ${quote(name)}`)),
    })),
  );
}

function objects(database: DatabaseSync): string[] {
  const sql = 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name';
  return database
    .prepare(sql)
    .all()
    .map((row) => JSON.stringify(row));
}

function tables(database: DatabaseSync): string[] {
  const sequences = first(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'");
  const names = [...tableNames(database), ...(sequences === 1 ? ['sqlite_sequence'] : [])];
  return names.map((name) => `${name}: ${hashOfRows(database, name)}`);
}

function tableNames(database: DatabaseSync): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;
  return database
    .prepare(sql)
    .all()
    .map((row) => String(row['name']));
}

function hashOfRows(database: DatabaseSync, table: string): string {
  const hash = createHash('sha256');
  let rows = 0;
  const statement = inOrder(database, table);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  for (const row of statement.iterate()) {
    for (const value of row as unknown as unknown[]) hash.update(describe(value));
    rows += 1;
  }
  return `${rows} rows, ${hash.digest('hex')}`;
}

/** By rowid where there is one; a table without is stored in the order of its key. */
function inOrder(database: DatabaseSync, table: string) {
  try {
    return database.prepare(`SELECT rowid, * FROM ${quote(table)} ORDER BY rowid`);
  } catch {
    return database.prepare(`SELECT * FROM ${quote(table)}`);
  }
}

/** Type and value, so that 1, 1.0, '1' and x'31' differ. */
function describe(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`blob ${value.length} `), value]);
  const text = String(value);
  return Buffer.from(`${value === null ? 'null' : typeof value} ${text.length} ${text} `);
}

function first(database: DatabaseSync, sql: string): unknown {
  return Object.values(database.prepare(sql).get() ?? {})[0];
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
