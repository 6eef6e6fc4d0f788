import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../clock.ts';
import { CofreError, type ErrorCode } from '../errors.ts';
import { orAbort, throwIfAborted } from './abort.ts';
import { diskError, errnoOf } from './file-errors.ts';

/** Runs `work` while no other process, and no other call in this one, runs any under the same lock. */
export type FolderLock = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Longest wait for the lock, ms. It is held for a few file operations only, never while data is written. */
const PATIENCE = 30_000;

/** Longest pause between two tries, ms. */
const PAUSE = 20;

/**
 * A lock on a folder that all processes respect and that cannot outlive its holder.
 *
 * A lock file made with O_EXCL is left behind by `kill -9`, and any rule for breaking it (age, process id) fails for a
 * holder that was merely paused, or runs in another container. Locks of fcntl(2) are released by the kernel, but Node
 * has no call for them; its SQLite has: `BEGIN IMMEDIATE` takes the RESERVED lock on an empty file and writes nothing
 * (sqlite.org/lockingv3.html). About 50 µs. Like SQLite itself, it needs a file system whose locks work.
 */
export function folderLock(folder: string): FolderLock {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    // Calls of this process queue up, so that at most one of them polls.
    const turn = last.then(() => exclusively(folder, work, signal));
    last = turn.catch(() => {});
    return turn;
  };
}

async function exclusively<T>(folder: string, work: () => Promise<T>, signal?: AbortSignal) {
  const lock = await acquire(join(folder, '.cofre-lock'), signal);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(path: string, signal?: AbortSignal): Promise<DatabaseSync> {
  const started = performance.now();
  for (;;) {
    throwIfAborted(signal);
    const lock = tryLock(path);
    if (lock !== undefined) return lock;
    if (performance.now() - started > PATIENCE) throw busy(path);
    // Real time, whatever clock the store was given: the other holder is a real process.
    await orAbort(systemClock.sleep(1 + Math.random() * PAUSE), signal);
  }
}

/** The open lock, or `undefined` when somebody else holds it. @throws {CofreError} */
function tryLock(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    // A file that may only be read would be opened so, and BEGIN IMMEDIATE would then lock nothing, and not say so.
    accessSync(path, constants.W_OK);
    database.exec('BEGIN IMMEDIATE');
    return database;
  } catch (error) {
    database?.close();
    if (resultCode(error) === SQLITE_BUSY) return undefined;
    throw errnoOf(error) === undefined ? lockError(path, error) : diskError(`lock ${path}`, error);
  }
}

const SQLITE_BUSY = 5;

/** Result codes (sqlite.org/rescode.html): CANTOPEN 14, READONLY 8, PERM 3, FULL 13. */
const BY_RESULT: Readonly<Record<number, ErrorCode>> = {
  3: 'STORE_DENIED',
  8: 'STORE_DENIED',
  13: 'NO_SPACE',
  14: 'STORE_DENIED',
};

function resultCode(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return code & 0xff; // the primary code, without the extended one
}

function lockError(path: string, cause: unknown): CofreError {
  const code = BY_RESULT[resultCode(cause)] ?? 'STORE_UNAVAILABLE';
  return new CofreError(code, `Cannot lock the backup folder by ${path}.`, {
    cause,
    hint: 'Check that the folder is writable and on a file system that supports locks.',
  });
}

function busy(path: string): CofreError {
  return new CofreError('STORE_UNAVAILABLE', `Another process has held ${path} for ${PATIENCE / 1000} s.`, {
    hint: 'Look for a stopped or hanging Cofre process on a machine that uses this folder.',
  });
}
