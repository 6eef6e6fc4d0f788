import type { Client, QueryResultRow } from 'pg';
import { known } from '../../../known.ts';

/** The row of a query that always has one: of functions alone, or of a name that is known to be there. */
export async function oneRow<Row extends QueryResultRow>(
  client: Client,
  sql: string,
  values?: unknown[],
): Promise<Row> {
  const { rows } = await client.query<Row>(sql, values);
  return known(rows[0], `The row of ${sql.trim().slice(0, 80)}`);
}

/** `server_version_num`: 180_001 for 18.1. */
export async function versionNumOf(client: Client): Promise<number> {
  const row = await oneRow<{ server_version_num: string }>(client, 'SHOW server_version_num');
  return Number(row.server_version_num);
}
