import { existsSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { FileFacts, Snapshot } from './protocol.ts';

export const SQLITE_BUSY = 5;

/** Bytes 0 to 47 of the wal-index, kept twice (https://www.sqlite.org/walformat.html, "WAL-Index Header"). */
const HEADER_SIZE = 48;

/**
 * Opens for reading. With no `-wal` file beside it, opens read-write: a read-only connection to a WAL database would
 * leave `-wal` and `-shm` behind, a read-write one takes them away again. With a `-wal` there, read-only: the last
 * read-write connection to close would checkpoint it, and the source is not ours to change.
 */
export function openForReading(path: string, busyMs: number): DatabaseSync {
  const readOnly = existsSync(`${path}-wal`);
  const database = new DatabaseSync(path, { readOnly, timeout: busyMs, enableForeignKeyConstraints: false });
  database.exec('PRAGMA query_only = ON');
  return database;
}

/** Reads a little and closes, as any application would: in passing, SQLite brings the database in order. */
export function recover(path: string): null {
  const database = new DatabaseSync(path, { timeout: 1_000 });
  try {
    touch(database);
    return null;
  } finally {
    database.close();
  }
}

export function facts(database: DatabaseSync): FileFacts {
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  return {
    version: String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']),
    pageSize: Number(pragma('page_size')),
    pages: Number(pragma('page_count')),
    journalMode: String(pragma('journal_mode')),
  };
}

/** Begins a read transaction and says what is in it. The transaction stays open as long as the connection. */
export function openSnapshot(database: DatabaseSync, path: string, busyMs: number): Snapshot {
  touch(database);
  if (facts(database).journalMode !== 'wal') {
    begin(database);
    const found = facts(database);
    // Before our lock, another process may just have changed the mode.
    if (found.journalMode !== 'wal') return { ...found, wal: null };
    database.exec('ROLLBACK');
  }
  const header = beginBetweenCommits(database, path, busyMs);
  const lastFrame = header.readUInt32LE(16);
  const salts = header.subarray(32, 40).toString('hex');
  return { ...facts(database), wal: lastFrame > 0 ? { lastFrame, salts } : null };
}

/**
 * The reader's own mark cannot be asked for, so the header of the wal-index is read before and after the transaction
 * begins: when nothing was committed in between (every commit changes it), it is the header that the reader took.
 */
function beginBetweenCommits(database: DatabaseSync, path: string, busyMs: number): Buffer {
  // Never closed: see protocol.ts on POSIX locks. The child's end closes it.
  // For writing too: SQLite without that right keeps an index of its own in memory, and the file's may be stale.
  const index = openSync(`${path}-shm`, 'r+');
  for (const deadline = Date.now() + busyMs; Date.now() < deadline; ) {
    const before = readHeader(index);
    begin(database);
    if (before && readHeader(index)?.equals(before)) return before;
    database.exec('ROLLBACK');
  }
  const error = new Error('database is locked: too many commits to find a moment between two');
  throw Object.assign(error, { errcode: SQLITE_BUSY });
}

/** The header when both copies agree, which they do unless a commit is just being written. */
function readHeader(index: number): Buffer | undefined {
  const bytes = Buffer.alloc(2 * HEADER_SIZE);
  if (readSync(index, bytes, 0, bytes.length, 0) !== bytes.length) return undefined;
  const [first, second] = [bytes.subarray(0, HEADER_SIZE), bytes.subarray(HEADER_SIZE)];
  return first.equals(second) ? Buffer.from(first) : undefined;
}

function begin(database: DatabaseSync): void {
  database.exec('BEGIN');
  touch(database);
}

/** The first read takes the SHARED lock (or, in WAL mode, the read mark), and recovers after a crash. */
function touch(database: DatabaseSync): void {
  database.prepare('SELECT count(*) FROM sqlite_schema').get();
}
