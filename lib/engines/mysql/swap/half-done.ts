import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { type Journal, setPhase } from './journal.ts';
import type { SwapNames } from './names.ts';
import { runAll } from './run-steps.ts';
import { renameSql } from './server-side.ts';
import { whereTablesAre } from './where-tables-are.ts';

/** What became of a swap. */
export type Settled = 'finished' | 'undone';

/**
 * Brings a swap that has begun to one of its ends: where tables have changed places, all that is left is done; where
 * they have not, it is as if nothing had been. The maker's lock is ours.
 */
export async function settle(session: MysqlSession, names: SwapNames, journal: Journal): Promise<Settled> {
  const { database, renames, forward, creates } = journal;
  // Somebody has dropped it since: there is nothing to bring to an end.
  if (!creates && !(await exists(session, database))) return 'undone';
  const moves = await whereTablesAre(session, names, database, renames);
  // Without tables to be moved, what there is to do can as well be done again; rows alone are the server's to keep or undo.
  const isSettled = renames.length === 0 && forward.length > 0 && (await exists(session, database));
  const hasMoved = moves.done.length > 0 || isSettled;
  if (!hasMoved) {
    await undo(session, journal);
    return 'undone';
  }
  // Only of tables that know no transactions can some have moved, and some not.
  const rest = renameSql({ renames: moves.open });
  if (creates) await session.run(`CREATE DATABASE IF NOT EXISTS ${quoteIdent(database)}`);
  if (rest !== undefined) await session.run(rest);
  await runAll(session, database, forward);
  await setPhase(session, names, 'done');
  return 'finished';
}

async function exists(session: MysqlSession, database: string): Promise<boolean> {
  const rows = await session.query('SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [
    database,
  ]);
  return rows.length > 0;
}

/** The triggers of the old tables are there again, in their order; a database that was made for the swap is gone. */
export async function undo(
  session: MysqlSession,
  journal: Pick<Journal, 'database' | 'creates' | 'oldTriggers' | 'undo'>,
): Promise<void> {
  const { database } = journal;
  if (journal.creates) return await dropEmpty(session, database);
  const rows = await session.query<{ name: string }>(
    'SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?',
    [database],
  );
  const there = new Set(rows.map(({ name }) => name));
  if (journal.oldTriggers.every((name) => there.has(name))) return;
  await runAll(session, database, journal.undo);
}

/** Somebody may have made something in it meanwhile. */
async function dropEmpty(session: MysqlSession, database: string): Promise<void> {
  const rows = await session.query(
    `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? UNION ALL
     SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? LIMIT 1`,
    [database, database],
  );
  if (rows.length === 0) await session.run(`DROP DATABASE IF EXISTS ${quoteIdent(database)}`);
}
