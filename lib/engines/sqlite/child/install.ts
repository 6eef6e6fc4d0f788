import { backup, DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { facts, SQLITE_BUSY } from './snapshot.ts';

const PAGES_A_STEP = 4096;
const SQLITE_CORRUPT = 11;
const SQLITE_LOCKED = 6;
const RETRY_MS = 50;

/** How an install goes on, step by step. */
export interface Steps {
  readonly report: (bytes: number, totalBytes: number) => void;
  /** Called before each step; what it throws ends the install, and the target is as it was. */
  readonly continue: () => void;
}

/**
 * Overwrites the database at `to` with the one at `from` by the online backup API
 * (https://www.sqlite.org/c3ref/backup_finish.html): one transaction of the target, so that its other connections see
 * the old database or the new one, and a crash rolls back through its journal or write-ahead log.
 */
export async function install(from: string, to: string, busyMs: number, steps: Steps): Promise<number> {
  const source = new DatabaseSync(from);
  let leftWal = false;
  try {
    return await whenFree(busyMs, steps, async () => {
      leftWal = makeRoomForPageSize(facts(source).pageSize, to) || leftWal;
      return await copy(source, to, steps);
    });
  } finally {
    source.close();
    if (leftWal) returnToWal(to);
  }
}

/** The waiting is ours: Node's backup() gives up at once when the target is locked, and a busy handler cannot be left. */
async function whenFree<T>(busyMs: number, steps: Steps, work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + busyMs; ; ) {
    steps.continue();
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() >= deadline)
        throw Object.assign(new Error('database is locked'), { errcode: SQLITE_BUSY });
      await sleep(RETRY_MS);
    }
  }
}

async function copy(source: DatabaseSync, to: string, steps: Steps): Promise<number> {
  const { pageSize } = facts(source);
  const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) => {
    steps.report((totalPages - remainingPages) * pageSize, totalPages * pageSize);
    steps.continue();
  };
  return await backup(source, to, { rate: PAGES_A_STEP, progress });
}

/** Node's backup() reports a locked target with errcode 0. */
function isBusy(error: unknown): boolean {
  const code = ((error as { errcode?: number }).errcode ?? -1) % 256;
  return [0, SQLITE_BUSY, SQLITE_LOCKED].includes(code);
}

/**
 * A database in WAL mode cannot change its page size, so it leaves WAL mode first; that needs it for ourselves. A
 * damaged target, the very case for a restore, may not even tell: then there is nothing to prepare. Says whether it
 * left.
 */
function makeRoomForPageSize(pageSize: number, to: string): boolean {
  const target = new DatabaseSync(to);
  try {
    const now = facts(target);
    if (now.journalMode !== 'wal' || now.pageSize === pageSize) return false;
    target.exec('PRAGMA journal_mode = DELETE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_CORRUPT) throw error;
    return false;
  } finally {
    target.close();
  }
}

/** Whether or not the copy was made, the application finds its mode again; if it is busy there, it chooses itself. */
function returnToWal(to: string): void {
  const target = new DatabaseSync(to, { timeout: 1_000 });
  try {
    target.exec('PRAGMA journal_mode = WAL');
  } catch {
    // Both modes are whole databases.
  } finally {
    target.close();
  }
}
