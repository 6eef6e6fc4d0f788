import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export interface SampleOptions {
  readonly name: string;
  readonly rows: number;
  readonly journalMode?: 'delete' | 'wal';
}

/**
 * A SQLite database whose first and last table tell its name, so that a mixture of two is seen by reading both. Pages
 * are small: a restore then copies it in many steps.
 */
export function makeSample(path: string, { name, rows, journalMode = 'delete' }: SampleOptions): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA page_size = 1024; PRAGMA journal_mode = ${journalMode}; PRAGMA synchronous = OFF`);
    database.exec('BEGIN; CREATE TABLE first (name TEXT); CREATE TABLE items (id INTEGER PRIMARY KEY, v, b)');
    database.prepare('INSERT INTO first VALUES (?)').run(name);
    database
      .prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO items SELECT i, ? || ' ' || i, randomblob(400) FROM n`)
      .run(rows, name);
    database.exec('CREATE INDEX by_value ON items (v)');
    if (name !== 'old') database.exec(`CREATE VIEW of_${name} AS SELECT id FROM items`);
    database.exec('CREATE TABLE last (name TEXT)');
    database.prepare('INSERT INTO last VALUES (?)').run(name);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** Name of the sample database at `path`; `undefined` while it is locked. */
export function nameOf(path: string): string | undefined {
  const database = new DatabaseSync(path);
  try {
    return String(database.prepare('SELECT name FROM first').get()?.['name']);
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}

/** Hash of the schema and of every row of every table, read through SQLite, which first heals what a kill left. */
export function fingerprint(path: string): string {
  const database = new DatabaseSync(path, { timeout: 120_000 });
  try {
    database.exec('BEGIN');
    const hash = createHash('sha256');
    const objects = database
      .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2')
      .all();
    hash.update(JSON.stringify(objects));
    for (const { type, name } of objects) if (type === 'table') hashRows(database, String(name), hash);
    const check = Object.values(database.prepare('PRAGMA quick_check').get()!)[0];
    return check === 'ok' ? hash.digest('hex') : `damaged: ${check}`;
  } finally {
    database.close();
  }
}

function hashRows(database: DatabaseSync, table: string, hash: ReturnType<typeof createHash>): void {
  hash.update(table);
  for (const row of database.prepare(`SELECT * FROM "${table}" ORDER BY rowid`).iterate()) {
    for (const value of Object.values(row)) {
      hash.update(value instanceof Uint8Array ? value : `${typeof value} ${value}\n`);
    }
  }
}
