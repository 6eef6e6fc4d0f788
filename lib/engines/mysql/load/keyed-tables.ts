import type { MysqlSession } from '../connection/session.ts';

/**
 * Tables whose rows lie in the order of a key, whatever order they came in: InnoDB's with a primary key, or a unique
 * one in its place (manual, "Clustered and Secondary Indexes").
 */
const KEYED = `
  SELECT t.TABLE_NAME AS name FROM information_schema.TABLES t
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.ENGINE = 'InnoDB' AND EXISTS (
    SELECT 1 FROM information_schema.COLUMNS c
    WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.COLUMN_KEY = 'PRI')`;

export async function keyedTables(session: MysqlSession): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(KEYED);
  return new Set(rows.map(({ name }) => name));
}
