import { createHash } from 'node:crypto';
import type { MysqlSession } from '../connection/connect.ts';
import { oneRow } from '../connection/one-row.ts';

/** Length of a mark. */
const DIGITS = 4;

/**
 * Tells a server from its replicas, which get whatever is made on it, but not the locks of who makes it: hex digits, in
 * the name of each schema that a restore makes.
 */
export async function serverMark(session: MysqlSession): Promise<string> {
  const identity =
    session.server.flavor === 'mysql' ? '@@server_uuid' : "CONCAT_WS('/', @@hostname, @@port, @@server_id)";
  const { id } = await oneRow<{ id: string }>(session, `SELECT ${identity} AS id`);
  return createHash('sha256').update(id).digest('hex').slice(0, DIGITS);
}

/** What was made on another server is that one's to clear, as long as it reaches us from there. */
export async function isElsewhere(session: MysqlSession, schema: string): Promise<boolean> {
  const isOwn = schema.endsWith(await serverMark(session));
  return !isOwn && (await isReplica(session));
}

/** A node of a Galera cluster is one too. */
async function isReplica(session: MysqlSession): Promise<boolean> {
  const rows = await session.query<{ Value: string }>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'wsrep_on')",
  );
  return rows.some(({ Value }) => Value !== 'OFF') || (await hasSource(session));
}

/** Without the right to know, there is none as far as we know. */
async function hasSource(session: MysqlSession): Promise<boolean> {
  const sql =
    session.server.flavor === 'mysql'
      ? 'SELECT 1 FROM performance_schema.replication_connection_configuration LIMIT 1'
      : "SHOW GLOBAL STATUS WHERE Variable_name = 'Slaves_running' AND Value <> '0'";
  return (await session.query(sql).catch(() => [])).length > 0;
}
