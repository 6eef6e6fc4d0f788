import type { MysqlSession } from '../connection/connect.ts';
import type { SwapNames } from './names.ts';
import type { Rename } from './plan.ts';

/** How far the tables of a swap have come. */
export interface Moves {
  readonly done: readonly Rename[];
  readonly open: readonly Rename[];
}

/**
 * Looks which tables have moved. It is all or none of them, but after a crash of a server amid tables that know no transactions.
 */
export async function whereTablesAre(
  session: MysqlSession,
  { staging, old }: SwapNames,
  database: string,
  renames: readonly Rename[],
): Promise<Moves> {
  const rows = await session.query<{ place: string }>(
    `SELECT CONCAT(TABLE_SCHEMA, '/', TABLE_NAME) AS place FROM information_schema.TABLES
     WHERE TABLE_SCHEMA IN (?, ?, ?)`,
    [staging, old, database],
  );
  const there = new Set(rows.map(({ place }) => place));
  // The target has a table of that name before and after: what leaves it is seen at its destination.
  const isDone = ({ from, to }: Rename) =>
    from[0] === staging ? !there.has(from.join('/')) : there.has(to.join('/'));
  return { done: renames.filter(isDone), open: renames.filter((it) => !isDone(it)) };
}
