import type { MysqlSession } from '../connection/connect.ts';
import { openJournal, type Settled, settle } from './half-done.ts';
import type { SwapNames } from './names.ts';
import { dropSchema } from './schemas.ts';

/** What became of a restore that was not whole: `dropped` had not touched its target yet. */
export interface Cleared {
  readonly outcome: Settled | 'dropped';
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
  const journal = await openJournal(session, names);
  const outcome = journal ? await settle(session, names, journal) : 'dropped';
  await dropAll(session, names, endSessions);
  return { outcome, database: journal?.database };
}

/** The journal goes last. */
export async function dropAll(session: MysqlSession, names: SwapNames, endSessions = false): Promise<void> {
  await dropSchema(session, names.old, endSessions);
  await dropSchema(session, names.staging, endSessions);
}
