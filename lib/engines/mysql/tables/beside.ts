import type { MysqlSession } from '../connection/connect.ts';
import type { SwapNames } from '../swap/names.ts';
import { renameSql } from '../swap/server-side.ts';
import { restoredName } from './names.ts';

/**
 * Moves staged tables beside the live ones, all in one step.
 * @returns the new name of each, in their order
 */
export async function moveBeside(
  session: MysqlSession,
  { staging }: SwapNames,
  database: string,
  tables: readonly string[],
  at: Date,
): Promise<string[]> {
  const names = await freeNames(session, database, tables, at);
  const renames = tables.map((name, n) => ({
    from: [staging, name] as const,
    to: [database, names[n]!] as const,
  }));
  await session.run(renameSql({ renames })!);
  return names;
}

async function freeNames(
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
