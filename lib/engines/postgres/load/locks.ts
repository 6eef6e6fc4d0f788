import { CofreError } from '../../../errors.ts';
import { describe } from '../wire/blockers.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { nameOf } from '../wire/url.ts';
import { type Blockers, type Watching, watchBlockers } from './blockers.ts';

/** How a load waits for other sessions. */
export interface Waiting extends Watching {
  /** For all locks together, ms. */
  readonly lockWaitMs: number;
}

/** lock_not_available; query_canceled, here by statement_timeout alone; deadlock_detected. */
const WAITED = /^(?:55P03|57014|40P01)$/;

/** Tables in one statement. */
const BATCH = 500;

/**
 * Takes ACCESS EXCLUSIVE locks on `tables` (SQL names, in a stable order), then runs `work`, which may wait for other
 * locks. The session is in its transaction.
 * @throws {CofreError} `TARGET_BUSY` naming the sessions that were in the way for `lockWaitMs`.
 */
export async function withLocked(
  session: PgSession,
  tables: readonly string[],
  waiting: Waiting,
  work: () => Promise<void>,
): Promise<void> {
  const blockers = watchBlockers(session, waiting);
  try {
    await lockAll(session, tables, waiting);
    await work();
  } catch (error) {
    throw isServerError(error) && WAITED.test(error.code)
      ? busy(session, waiting, await blockers.seen(), error)
      : error;
  } finally {
    await blockers.stop();
  }
}

/** `lock_timeout` is for each lock; what bounds them all is `statement_timeout`, as LOCK does nothing but wait. */
async function lockAll(
  { client }: PgSession,
  tables: readonly string[],
  { lockWaitMs }: Waiting,
): Promise<void> {
  const until = performance.now() + lockWaitMs;
  for (let at = 0; at < tables.length; at += BATCH) {
    const left = Math.max(1, Math.ceil(until - performance.now()));
    const names = tables.slice(at, at + BATCH).map((name) => `ONLY ${name}`);
    await client.query(`SET LOCAL statement_timeout = ${left}`);
    await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  }
  const left = Math.max(1, Math.ceil(until - performance.now()));
  await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${left}`);
}

function busy(
  { settings }: PgSession,
  { lockWaitMs, terminate }: Waiting,
  { sessions, refusal }: Blockers,
  cause: unknown,
): CofreError {
  const seconds = lockWaitMs / 1_000;
  const who = sessions.length === 0 ? 'another session' : sessions.map(describe).join('; ');
  const hint = terminate
    ? `Some could not be ended${refusal ? `: ${refusal}` : ''}. End them as a superuser, then try again.`
    : 'Nothing was changed. Stop the application or end these sessions, or restore with --terminate-connections.';
  return new CofreError(
    'TARGET_BUSY',
    `${nameOf(settings)} is in use: after ${seconds} s its tables are still locked by ${who}.`,
    { cause, hint },
  );
}
