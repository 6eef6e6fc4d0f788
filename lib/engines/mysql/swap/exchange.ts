import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { Flavor } from '../connection/server-facts.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import type { Statement } from '../sql/items.ts';
import type { ExchangeLimits } from './busy.ts';
import { readJournal, setPhase, type Written, writeJournal } from './journal.ts';
import { type Moved, tryToMove } from './move-tables.ts';
import { qualified, type SwapNames } from './names.ts';
import { canLock, type SwapPlan } from './plan.ts';
import { runAll } from './run-steps.ts';
import { compoundSql, isWhole, procedureSql } from './server-side.ts';
import { untilFree } from './waiting.ts';

export type { ExchangeLimits } from './busy.ts';

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
  const moving = { session, names, plan, journal, call, locks };
  const outcome = await untilFree(swap, (seconds) => tryToMove(moving, seconds));
  await runAll(session, plan.database, restAfter(outcome, session.server.flavor, plan));
  await setPhase(session, names, 'done');
}

/** What the server has not done by itself. */
function restAfter(outcome: Moved, flavor: Flavor, plan: SwapPlan): Statement[] {
  if (outcome === 'whole' && isWhole(flavor, plan)) return [];
  const left = plan.forward.filter(({ about }) => outcome !== 'triggered' || about !== 'trigger');
  return left.flatMap(({ statements }) => [...statements]);
}

/** What begins it all, and then goes on by itself. */
async function callOf({ session, names, plan }: Exchange, written: Written, locks: boolean): Promise<string> {
  if (session.server.flavor === 'mariadb') return compoundSql(names, plan, written);
  await session.run(procedureSql(names, plan, written, locks));
  return `CALL ${qualified(names.staging, names.procedure)}()`;
}
