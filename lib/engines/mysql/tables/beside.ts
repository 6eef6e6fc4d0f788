import type { MysqlSession } from '../connection/connect.ts';
import { setPhase, writeJournal } from '../swap/journal.ts';
import type { SwapNames } from '../swap/names.ts';
import { renameSql } from '../swap/server-side.ts';
import { renaming } from '../swap/table-names.ts';
import { restoredName } from './names.ts';

/** Moves staged tables beside the live ones, all in one step; `as`: under these names, in their order. */
export async function moveBeside(
  session: MysqlSession,
  names: SwapNames,
  database: string,
  tables: readonly string[],
  as: readonly string[],
): Promise<void> {
  const renames = tables.map((name, n) => renaming([names.staging, name], [database, as[n]!]));
  const plan = { database, create: undefined, renames, oldTriggers: [], undo: [], forward: [] };
  await writeJournal(session, names, plan);
  await setPhase(session, names, 'begun');
  await session.run(renameSql(plan)!);
  await setPhase(session, names, 'done');
}

/** The names that tables get beside the live ones, in their order. */
export async function freeNames(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
  at: Date,
): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [database],
  );
  const taken = new Set(rows.map(({ name }) => name.toLowerCase()));
  return tables.map((table) => {
    for (let attempt = 1; ; attempt++) {
      const name = restoredName(table, at, attempt);
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
}
