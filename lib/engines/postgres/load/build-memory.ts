import type { PgSession } from '../wire/connect.ts';

/** Memory for indexes that are built, of all sessions together: the server's default of 64 MB is for small ones. */
const MEMORY_MB = 256;

/**
 * Lets the session use its share of memory for building indexes, unless the server gives it more already.
 * @param sessions that build at the same time
 * @param isLocal until the end of the transaction
 */
export async function raiseBuildMemory(
  { client }: PgSession,
  sessions: number,
  isLocal: boolean,
): Promise<void> {
  await client.query(
    `SELECT pg_catalog.set_config('maintenance_work_mem', GREATEST(setting::bigint, $1)::text, $2)
     FROM pg_catalog.pg_settings WHERE name = 'maintenance_work_mem'`,
    [Math.floor((MEMORY_MB * 1024) / sessions), isLocal],
  );
}
