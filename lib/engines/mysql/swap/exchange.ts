import { setTimeout as sleep } from 'node:timers/promises';
import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { Flavor } from '../connection/server-facts.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import type { Statement } from '../sql/items.ts';
import { type Blockers, describe, watchBlockers } from './blockers.ts';
import { readJournal, setPhase, type Written, writeJournal } from './journal.ts';
import { type Attempt, type Moving, tryToMove } from './move-tables.ts';
import { qualified, type SwapNames } from './names.ts';
import { canLock, type SwapPlan } from './plan.ts';
import { runAll } from './run-steps.ts';
import { compoundSql, isWhole, procedureSql } from './server-side.ts';

export interface ExchangeLimits {
  /** How long to wait for others to let go of the tables, ms. */
  readonly lockWaitMs: number;
  readonly terminateConnections: boolean;
}

/** All that a swap works with. */
export interface Exchange {
  /** Holds the maker's lock; on no database. */
  readonly session: MysqlSession;
  readonly settings: ConnectionSettings;
  readonly names: SwapNames;
  readonly plan: SwapPlan;
  readonly limits: ExchangeLimits;
  /** Counts until the tables move. */
  readonly signal: AbortSignal;
}

/** Whoever waits for tables keeps newcomers waiting behind it: so it is for a moment each time, s; and between, ms. */
const TRY_SECONDS = 3;
const PAUSE_MS = 300;

/**
 * Lets the loaded tables and the target's change places, and makes the rest fit. The journal is there before anything is
 * done: whatever happens from then on, `settle` knows what to do.
 * @throws {CofreError} `TARGET_BUSY` naming the sessions that are in the way; then nothing was changed
 */
export async function exchange(swap: Exchange): Promise<void> {
  const { session, names, plan } = swap;
  const written = await writeJournal(session, names, plan);
  const locks = session.server.flavor === 'mysql' && canLock(plan);
  const call = await callOf(swap, written, locks);
  const journal = (await readJournal(session, names))!;
  await setPhase(session, names, 'begun');
  if (plan.create !== undefined) {
    await session.run(`CREATE DATABASE ${quoteIdent(plan.database)} ${plan.create}`);
  }
  await session.run(`USE ${quoteIdent(plan.database)}`);
  const outcome = await moveTables(swap, { session, names, plan, journal, call, locks });
  await runAll(session, plan.database, restAfter(outcome, session.server.flavor, plan));
  await setPhase(session, names, 'done');
}

/** What the server has not done by itself. */
function restAfter(outcome: Moved, flavor: Flavor, plan: SwapPlan): Statement[] {
  if (outcome === 'whole' && isWhole(flavor, plan)) return [];
  const left = plan.forward.filter(({ about }) => outcome !== 'triggered' || about !== 'trigger');
  return left.flatMap(({ statements }) => [...statements]);
}

type Moved = Exclude<Attempt['outcome'], 'busy'>;

/** What begins it all, and then goes on by itself. */
async function callOf({ session, names, plan }: Exchange, written: Written, locks: boolean): Promise<string> {
  if (session.server.flavor === 'mariadb') return compoundSql(names, plan, written);
  await session.run(procedureSql(names, plan, written, locks));
  return `CALL ${qualified(names.staging, names.procedure)}()`;
}

async function moveTables(swap: Exchange, moving: Moving): Promise<Moved> {
  const { session, settings, plan, limits, signal } = swap;
  const terminate = limits.terminateConnections;
  const watch = watchBlockers({
    settings,
    waiting: [session.threadId],
    database: plan.database,
    terminate,
    signal,
  });
  const until = performance.now() + limits.lockWaitMs;
  try {
    for (;;) {
      signal.throwIfAborted();
      const left = Math.ceil((until - performance.now()) / 1_000);
      const attempt = await tryToMove(moving, Math.max(1, Math.min(left, TRY_SECONDS)));
      if (attempt.outcome !== 'busy') return attempt.outcome;
      if (performance.now() >= until) throw busy(swap, watch.seen(), attempt.error);
      await sleep(PAUSE_MS, undefined, { signal });
    }
  } finally {
    await watch.stop();
  }
}

function busy(
  { settings, limits }: Exchange,
  { sessions, isSure, refusal }: Blockers,
  cause: unknown,
): CofreError {
  const seconds = limits.lockWaitMs / 1_000;
  const names = sessions.slice(0, 5).map(describe).join('; ');
  const who = sessions.length === 0 ? 'another session' : isSure ? names : `one of ${names}`;
  const hint = limits.terminateConnections
    ? `Some could not be ended${refusal ? `: ${refusal}` : ''}. End them as an administrator, then try again.`
    : 'Nothing was changed. Stop the application or end these sessions, or restore with --terminate-connections.';
  return new CofreError(
    'TARGET_BUSY',
    `${nameOf(settings)} is in use: after ${seconds} s its tables are still locked by ${who}.`,
    { cause, hint },
  );
}
