import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { undo } from './half-done.ts';
import type { Journal } from './journal.ts';
import { qualified, type SwapNames } from './names.ts';
import type { SwapPlan } from './plan.ts';
import type { Tried } from './waiting.ts';
import { whereTablesAre } from './where-tables-are.ts';

/** How tables are to move. */
export interface Moving {
  /** Holds the maker's lock; on the target. */
  readonly session: MysqlSession;
  readonly names: SwapNames;
  readonly plan: SwapPlan;
  readonly journal: Journal;
  /** Runs on the server to its end. */
  readonly call: string;
  /** The tables are locked while they move and get their triggers: nobody writes in between. */
  readonly locks: boolean;
}

/**
 * `whole`: the server did all that it can do by itself. `triggered`: the tables have moved and have their triggers.
 * `moved`: all that comes after is still to be done.
 */
export type Moved = 'whole' | 'triggered' | 'moved';

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_LOCK_NOWAIT */
export const BUSY = [1205, 1213, 3572];

/**
 * One try to let the tables change places, which waits for others for some seconds.
 * @throws why it cannot be; then nothing was changed
 */
export async function tryToMove(moving: Moving, seconds: number): Promise<Tried<Moved>> {
  const { session, plan } = moving;
  await session.run(`SET SESSION lock_wait_timeout = ${seconds}, foreign_key_checks = 0`);
  try {
    const isLocked = await lockTables(moving);
    await session.run(moving.call);
    if (isLocked) await makeTriggers(session, plan);
    return { result: isLocked ? 'triggered' : 'whole' };
  } catch (error) {
    if (!isServerError(error)) throw error;
    return await afterFailure(moving, error);
  } finally {
    await session.run('UNLOCK TABLES').catch(() => {});
  }
}

/** `true` when they stay locked; else they were free a moment ago, which is all that there is to know. */
async function lockTables({ session, plan, locks }: Moving): Promise<boolean> {
  const tables = plan.renames.map(({ from }) => `${qualified(...from)} WRITE`);
  if (tables.length === 0 || (!locks && plan.oldTriggers.length === 0)) return false;
  try {
    await session.run(`LOCK TABLES ${tables.join(', ')}`);
  } catch (error) {
    // Without the right to lock, or with triggers that name what is not there, it goes without.
    if (!isServerError(error) || BUSY.includes(error.errno)) throw error;
    return false;
  }
  if (!locks) await session.run('UNLOCK TABLES');
  return locks;
}

async function makeTriggers(session: MysqlSession, { forward }: SwapPlan): Promise<void> {
  for (const { about, statements } of forward) {
    if (about === 'trigger') for (const { bytes } of statements) await session.run(bytes);
  }
}

async function afterFailure(moving: Moving, error: { readonly errno: number }): Promise<Tried<Moved>> {
  const { session, names, plan, journal } = moving;
  await session.run('UNLOCK TABLES');
  const { done } = await whereTablesAre(session, names, plan.database, plan.renames);
  // What failed comes after; it is tried once more.
  if (done.length > 0) return { result: 'moved' };
  await undo(session, { ...journal, creates: false });
  if (BUSY.includes(error.errno)) return { busy: error };
  throw error;
}
