import { setTimeout as sleep } from 'node:timers/promises';
import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { nameOf } from '../connection/url.ts';

/** One try to get a lock keeps writers waiting behind it, so it is short; between two, they may go on. */
const TRY_SECONDS = 5;
const PAUSE_MS = 500;

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK */
const BUSY = [1205, 1213];
/** ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED */
const DENIED = [1044, 1045, 1142, 1227];

/**
 * Takes a lock by `sql`, with pauses for others, for `waitMs` in all. `false` when it is not granted to us.
 * @throws {CofreError} `SOURCE_BUSY` when it cannot be had in time
 */
export async function takeLock(session: MysqlSession, sql: string, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const left = Math.ceil((deadline - Date.now()) / 1_000);
    await session.run(`SET SESSION lock_wait_timeout = ${Math.max(1, Math.min(TRY_SECONDS, left))}`);
    try {
      await session.run(sql);
      return true;
    } catch (error) {
      if (!isServerError(error)) throw error;
      if (DENIED.includes(error.errno)) return false;
      if (!BUSY.includes(error.errno)) throw error;
      if (Date.now() >= deadline) throw await stillBusy(session, waitMs, error);
    }
    await sleep(PAUSE_MS);
  }
}

/** `LOCK TABLES … READ`: others may read these tables, and wait to write. */
export function lockForReading(tables: readonly string[]): string {
  return `LOCK TABLES ${tables.map((name) => `${quoteIdent(name)} READ`).join(', ')}`;
}

async function stillBusy(session: MysqlSession, waitMs: number, cause: unknown): Promise<CofreError> {
  const seconds = Math.round(waitMs / 1_000);
  return new CofreError(
    'SOURCE_BUSY',
    `${nameOf(session.settings)} could not be locked for a moment within ${seconds} s, as a statement or a transaction runs${await longest(session)}.`,
    {
      cause,
      hint: 'Try again later, end that session (KILL), or wait longer (lockSeconds).',
    },
  );
}

/** Without its text, which may hold what nobody should read. */
async function longest(session: MysqlSession): Promise<string> {
  const rows = await session
    .query<{ Id: number; User: string; Time: number; Command: string }>('SHOW PROCESSLIST')
    .catch(() => []);
  const running = rows.filter(
    ({ Id, Command }) => Id !== session.threadId && !/^(?:Sleep|Daemon|Binlog Dump.*)$/.test(Command),
  );
  const [first] = running.toSorted((a, b) => b.Time - a.Time);
  return first ? ` (the longest: session ${first.Id} of ${first.User}, for ${first.Time} s)` : '';
}
