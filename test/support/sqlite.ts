import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digest } from '../contracts/store/harness.ts';

/** Journal modes in which an application may keep a database. */
export type JournalMode = 'DELETE' | 'WAL';

/** A folder that goes away with `using`. */
export interface Folder extends Disposable {
  readonly path: string;
  /** Path of a file with a folder to itself, so that its companions are easily seen. */
  file(name?: string): string;
}

export function temporaryFolder(): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'cofre-sqlite-')));
  let files = 0;
  return {
    path,
    file: (name = 'app.sqlite3') => {
      files += 1;
      mkdirSync(join(path, String(files)));
      return join(path, String(files), name);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function urlOf(path: string): string {
  return `sqlite:${path}`;
}

/** A new database in the given mode after `sql`; closed, so that no log is beside it. */
export function createDatabase(path: string, mode: JournalMode, sql: string, pageSize = 4096): string {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = ${mode}; PRAGMA synchronous = OFF`);
  database.exec(sql);
  database.close();
  return path;
}

/** Opens, uses and closes. Never to be used while the engine, in the same process, works on the same file. */
export function withDatabase<T>(path: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { timeout: 120_000 });
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/** The first column of the first row. */
export function numberOf(path: string, sql: string): number {
  return withDatabase(path, (it) => Number(Object.values(it.prepare(sql).get() ?? {})[0]));
}

/** What SQLite's own check says of the file: `['ok']`. */
export function integrity(path: string): string[] {
  return withDatabase(path, (it) =>
    it
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row['integrity_check'])),
  );
}

/**
 * All files in a database's folder, with their contents. Of a `-shm` file only the name: it holds the locks' memory,
 * which every reader writes.
 */
export async function filesBeside(path: string): Promise<Record<string, string>> {
  const names = await readdir(dirname(path)).catch(() => []);
  const contents = names.toSorted().map(async (name) => {
    const file = join(dirname(path), name);
    if (name.endsWith('-shm') || statSync(file).isDirectory()) return [name, ''];
    return [name, digest(await readFile(file))];
  });
  return Object.fromEntries(await Promise.all(contents));
}
