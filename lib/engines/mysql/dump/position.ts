import type { MysqlSession } from '../connection/connect.ts';

/** Where in the binary log the snapshot is, as far as the server tells. */
export interface Position {
  readonly binlogFile?: string;
  readonly binlogPosition?: number;
  readonly gtid?: string;
}

/** To be called while nobody can commit; MariaDB remembers it in the transaction. What is not granted is left out. */
export async function readPosition(keeper: MysqlSession, reader: MysqlSession): Promise<Position> {
  return keeper.server.flavor === 'mysql' ? await ofMysql(keeper) : await ofMariadb(keeper, reader);
}

async function ofMysql(keeper: MysqlSession): Promise<Position> {
  const sql = keeper.server.number >= 80_200 ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS';
  const rows = await keeper
    .query<{ File: string; Position: number; Executed_Gtid_Set: string }>(sql)
    .catch(() => []);
  const [row] = rows;
  if (!row) return {};
  const gtid = row.Executed_Gtid_Set.replaceAll('\n', '');
  return { binlogFile: row.File, binlogPosition: row.Position, ...(gtid !== '' && { gtid }) };
}

/** Knowledge base, "START TRANSACTION WITH CONSISTENT SNAPSHOT" and "gtid_binlog_pos". */
async function ofMariadb(keeper: MysqlSession, reader: MysqlSession): Promise<Position> {
  const rows = await reader.query<{ Variable_name: string; Value: string }>(
    "SHOW STATUS LIKE 'binlog_snapshot_%'",
  );
  const value = (name: string) =>
    rows.find(({ Variable_name }) => Variable_name.toLowerCase() === `binlog_snapshot_${name}`)?.Value;
  const file = value('file');
  if (!file) return {};
  const [row] = await keeper.query<{ gtid: string }>('SELECT @@gtid_binlog_pos AS gtid');
  return {
    binlogFile: file,
    binlogPosition: Number(value('position')),
    ...(row?.gtid && { gtid: row.gtid }),
  };
}
