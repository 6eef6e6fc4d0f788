import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, type PgSession } from '../connection/connect.ts';
import type { Waiting } from './locks.ts';

/** A session that holds a lock we wait for. */
export interface Blocker {
  /** 0 for a prepared transaction, which has no session. */
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Seconds since its transaction began. */
  readonly seconds: number | null;
}

export interface Blockers {
  /** Those seen last. */
  readonly sessions: readonly Blocker[];
  /** Why one could not be ended. */
  readonly refusal: string | undefined;
}

export interface BlockerWatch {
  seen(): Promise<Blockers>;
  stop(): Promise<void>;
}

/** A wait shorter than the first is no wait; then how often to look, ms. */
const FIRST_MS = 150;
const EVERY_MS = 400;

const FIND = `
  SELECT b.pid, a.usename AS "user", a.application_name AS application, a.state,
    extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::int AS seconds
  FROM (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1)) AS pid) b
    LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
  ORDER BY b.pid`;

/**
 * Looks from a second connection whom the session waits for, as the server forgets that once the wait is given up; and
 * ends them when told to.
 */
export function watchBlockers(session: PgSession, { terminate, signal }: Waiting): BlockerWatch {
  const stopped = new AbortController();
  let [sessions, refusal] = [[] as readonly Blocker[], undefined as string | undefined];

  async function look(observer: PgSession): Promise<void> {
    const { rows } = await observer.client.query<Blocker>(FIND, [session.backend]);
    if (rows.length > 0) sessions = rows;
    if (!terminate) return;
    for (const { pid } of rows) refusal = (await end(observer, pid)) ?? refusal;
  }

  async function watch(): Promise<void> {
    await sleep(FIRST_MS, undefined, { signal: stopped.signal });
    await using observer = await openSession(session.settings, { role: 'target', purpose: 'load', signal });
    for (;;) {
      await look(observer);
      await sleep(EVERY_MS, undefined, { signal: stopped.signal });
    }
  }

  // It only tells more of a failure: without a second connection, that is told without names.
  const watching = watch().catch(() => {});
  return {
    seen: async () => ({ sessions, refusal }),
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

async function end({ client }: PgSession, pid: number): Promise<string | undefined> {
  if (pid === 0) return 'a prepared transaction has to be ended by ROLLBACK PREPARED (see pg_prepared_xacts)';
  try {
    await client.query('SELECT pg_catalog.pg_terminate_backend($1)', [pid]);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export function describe({ pid, user, application, state, seconds }: Blocker): string {
  if (pid === 0) return 'a prepared transaction (pg_prepared_xacts)';
  const who = [user && `user ${user}`, application && `"${application}"`].filter(Boolean).join(', ');
  const since = seconds === null ? '' : ` for ${seconds} s`;
  return `session ${pid}${who ? ` (${who})` : ''}${state ? `, ${state}${since}` : ''}`;
}
