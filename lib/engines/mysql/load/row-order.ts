import type { MysqlSession } from '../connection/session.ts';

/** A column of the key that rows lie in the order of, in InnoDB: the primary key, or a unique one in its place. */
const KEYED = `
  SELECT DISTINCT c.TABLE_NAME AS name FROM information_schema.COLUMNS c
    JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
  WHERE c.TABLE_SCHEMA = DATABASE() AND c.COLUMN_KEY = 'PRI' AND t.TABLE_SCHEMA = DATABASE() AND t.ENGINE = 'InnoDB'`;

const TRIGGERED =
  'SELECT DISTINCT EVENT_OBJECT_TABLE AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()';

/**
 * Tables whose rows lie in the order of a key, whatever order they came in (manual, "Clustered and Secondary Indexes").
 */
export function keyedTables(session: MysqlSession): Promise<ReadonlySet<string>> {
  return namesOf(session, KEYED);
}

export function tablesWithTriggers(session: MysqlSession): Promise<ReadonlySet<string>> {
  return namesOf(session, TRIGGERED);
}

async function namesOf(session: MysqlSession, sql: string): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(sql);
  return new Set(rows.map(({ name }) => name));
}
