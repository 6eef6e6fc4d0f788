import { setTimeout as sleep } from 'node:timers/promises';
import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { MysqlSessions } from '../connection/sessions.ts';
import { nameOf } from '../connection/url.ts';

/** One try to get a lock keeps writers waiting behind it, so it is short; between two, they may go on. */
const TRY_SECONDS = 3;
const PAUSE_MS = 500;

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK */
const BUSY = [1205, 1213];
/** ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED */
const DENIED = [1044, 1045, 1142, 1227];

/** A way to keep others from writing. */
export interface LockWay {
  readonly name: string;
  /**
   * Waits for locks as long as the sessions' `lock_wait_timeout` says; `false` when it is better not to try now.
   * @throws {Error} the server's
   */
  readonly take: () => Promise<boolean>;
  /** Lets go of all of it; also of what a try that failed may have left. */
  readonly letGo: () => Promise<void>;
}

/**
 * Takes one of the locks, the first that can be had, for `waitMs` in all; `undefined` when none of them is granted to
 * us.
 * @throws {CofreError} `SOURCE_BUSY` when none can be had in time
 */
export async function takeOneOf(
  ways: readonly LockWay[],
  sessions: MysqlSessions,
  waitMs: number,
): Promise<LockWay | undefined> {
  const deadline = Date.now() + waitMs;
  let open = ways;
  let last: unknown = new Error('Long queries are running.');
  while (open.length > 0) {
    for (const way of open) {
      const left = Math.ceil((deadline - Date.now()) / 1_000);
      if (left <= 0) throw await stillBusy(sessions[0], waitMs, last);
      await waitAtMost(sessions, Math.max(1, Math.min(TRY_SECONDS, left)));
      const outcome = await tryWay(way);
      if (outcome === 'taken') return way;
      if (outcome === 'denied') open = open.filter((it) => it !== way);
      else if (outcome !== 'later') last = outcome.busy;
    }
    if (open.length > 0) await sleep(Math.min(PAUSE_MS, Math.max(0, deadline - Date.now())));
  }
  return undefined;
}

async function tryWay({ take, letGo }: LockWay): Promise<'taken' | 'later' | 'denied' | { busy: unknown }> {
  try {
    return (await take()) ? 'taken' : 'later';
  } catch (error) {
    await letGo();
    if (!isServerError(error)) throw error;
    if (isDenied(error)) return 'denied';
    if (!BUSY.includes(error.errno)) throw error;
    return { busy: error };
  }
}

export function isDenied(error: unknown): boolean {
  return isServerError(error) && DENIED.includes(error.errno);
}

export async function waitAtMost(sessions: readonly MysqlSession[], seconds: number): Promise<void> {
  const sql = `SET SESSION lock_wait_timeout = ${seconds}`;
  await Promise.all(sessions.map((session) => session.run(sql)));
}

/** `LOCK TABLES … READ`: others may read these tables, and wait to write. */
export async function lockForReading(session: MysqlSession, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return;
  await session.run(`LOCK TABLES ${tables.map((name) => `${quoteIdent(name)} READ`).join(', ')}`);
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

/** Seconds. */
const LONG = 1;

/** Whether a query of another session, as far as we may see them, has been running for a while. */
export async function seesLongQuery(session: MysqlSession): Promise<boolean> {
  const [first] = await running(session);
  return first !== undefined && first.Time >= LONG;
}

interface Thread {
  readonly Id: number;
  readonly User: string;
  readonly Command: string;
  /** Seconds. */
  readonly Time: number;
}

/** What other sessions run now, the longest first. */
async function running(session: MysqlSession): Promise<Thread[]> {
  const threads = await session.query<Thread>('SHOW PROCESSLIST');
  return threads
    .filter(({ Id, Command }) => Id !== session.threadId && /^(?:Query|Execute)$/.test(Command))
    .toSorted((a, b) => b.Time - a.Time);
}

/** Without its text, which may hold what nobody should read. */
async function longest(session: MysqlSession): Promise<string> {
  const [first] = await running(session).catch(() => []);
  return first ? ` (the longest: session ${first.Id} of ${first.User}, for ${first.Time} s)` : '';
}
