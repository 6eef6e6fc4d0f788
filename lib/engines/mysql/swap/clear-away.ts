import type { MysqlSession } from '../connection/connect.ts';
import { dropSchema } from '../schema/schemas.ts';
import { type Settled, settle, undo } from './half-done.ts';
import { type Journal, readJournal } from './journal.ts';
import type { SwapNames } from './names.ts';

/**
 * What became of a restore that was not whole: one that is `dropped` had not touched its target yet, and of one that is
 * `cleared`, only what it had replaced was still there.
 */
export interface Cleared {
  readonly outcome: Settled | 'dropped' | 'cleared';
  /** The target; `undefined` where nothing was written down. */
  readonly database: string | undefined;
}

/**
 * Settles a swap that has begun, if it has, and drops what was made beside the target. The maker's lock is ours.
 * @param endSessions end sessions of dead makers that are still on it
 */
export async function clearAway(
  session: MysqlSession,
  names: SwapNames,
  endSessions: boolean,
): Promise<Cleared> {
  const journal = await readJournal(session, names);
  const outcome = await bringToEnd(session, names, journal);
  await dropAll(session, names, endSessions);
  return { outcome, database: journal?.database };
}

async function bringToEnd(
  session: MysqlSession,
  names: SwapNames,
  journal: Journal | undefined,
): Promise<Cleared['outcome']> {
  switch (journal?.phase) {
    case 'begun':
      return await settle(session, names, journal);
    case 'replaced':
      await undo(session, journal);
      return 'finished';
    case 'done':
      return 'cleared';
    default:
      return 'dropped';
  }
}

/** The journal goes last. */
export async function dropAll(session: MysqlSession, names: SwapNames, endSessions = false): Promise<void> {
  await dropSchema(session, names.old, endSessions);
  await dropSchema(session, names.staging, endSessions);
}
