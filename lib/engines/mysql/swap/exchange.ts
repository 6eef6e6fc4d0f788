import { known } from '../../../known.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import type { Statement } from '../script/items.ts';
import type { ExchangeLimits } from './busy.ts';
import { readJournal, setPhase, type Written, writeJournal } from './journal.ts';
import { type Moved, tryToMove } from './move-tables.ts';
import { qualified, type SwapNames } from './names.ts';
import { canLock, type SwapPlan } from './plan.ts';
import { runAll } from './run-steps.ts';
import { compoundSql, moves, needsNoClient, procedureSql } from './server-side.ts';
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
  const { calls, whole } = await callsOf(swap, written, locks);
  const journal = known(await readJournal(session, names), 'The journal that was just written');
  await setPhase(session, names, 'begun');
  if (plan.create !== undefined) {
    await session.run(`CREATE DATABASE ${quoteIdent(plan.database)} ${plan.create}`);
  }
  await session.run(`USE ${quoteIdent(plan.database)}`);
  const moving = { session, names, plan, journal, calls, locks };
  const outcome = await untilFree(swap, (seconds) => tryToMove(moving, seconds));
  await runAll(session, plan.database, restAfter(outcome, whole, plan));
  await setPhase(session, names, 'done');
}

/** What the server has not done by itself. */
function restAfter(outcome: Moved, whole: boolean, { forward }: SwapPlan): Statement[] {
  if (outcome === 'called' && whole) return [];
  const left = forward.filter(({ about }) => outcome !== 'triggered' || about !== 'trigger');
  return left.flatMap(({ statements }) => [...statements]);
}

interface Calls {
  readonly calls: readonly string[];
  /** They do all that there is to do. */
  readonly whole: boolean;
}

/**
 * ER_DBACCESS_DENIED, ER_PROCACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED; ER_DEFINITION_CONTAINS_INVALID_STRING, which MySQL
 * says of names that have both a backtick and letters outside ASCII.
 */
const NO_PROCEDURE = [1044, 1370, 1227, 4089];

/** What begins it all, and then goes on by itself; but where there can be no procedure. */
async function callsOf({ session, names, plan }: Exchange, written: Written, locks: boolean): Promise<Calls> {
  if (session.server.flavor === 'mariadb') return { calls: [compoundSql(names, plan, written)], whole: true };
  const whole = !locks && needsNoClient(plan);
  try {
    await session.run(procedureSql(names, plan, written, whole));
    return { calls: [`CALL ${qualified(names.staging, names.procedure)}()`], whole };
  } catch (error) {
    if (!isServerError(error) || !NO_PROCEDURE.includes(error.errno)) throw error;
    return { calls: moves(plan), whole: false };
  }
}
