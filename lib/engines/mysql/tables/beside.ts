import type { MysqlSession } from '../connection/connect.ts';
import { setPhase, writeJournal } from '../swap/journal.ts';
import type { SwapNames } from '../swap/names.ts';
import { moves } from '../swap/server-side.ts';
import { renaming } from '../swap/table-names.ts';
import { restoredName } from './names.ts';

/** A table of the dump, and the live table that its rows are in then. */
export interface Restored {
  readonly name: string;
  readonly restoredAs: string;
}

/** Moves staged tables beside the live ones, all in one step. */
export async function moveBeside(
  session: MysqlSession,
  names: SwapNames,
  database: string,
  tables: readonly Restored[],
): Promise<void> {
  const renames = tables.map(({ name, restoredAs }) =>
    renaming([names.staging, name], [database, restoredAs]),
  );
  const plan = { database, create: undefined, renames, oldTriggers: [], undo: [], forward: [] };
  await writeJournal(session, names, plan);
  await setPhase(session, names, 'begun');
  for (const sql of moves(plan)) await session.run(sql);
  await setPhase(session, names, 'done');
}

/** The names that tables get beside the live ones. */
export async function freeNames(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
  at: Date,
): Promise<Restored[]> {
  const rows = await session.query<{ name: string }>(
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [database],
  );
  const taken = new Set(rows.map(({ name }) => name.toLowerCase()));
  return tables.map((name) => {
    for (let attempt = 1; ; attempt++) {
      const restoredAs = restoredName(name, at, attempt);
      if (taken.has(restoredAs.toLowerCase())) continue;
      taken.add(restoredAs.toLowerCase());
      return { name, restoredAs };
    }
  });
}
