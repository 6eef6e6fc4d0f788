import type { MysqlSession } from '../connection/connect.ts';
import { quoteLiteral } from '../connection/identifiers.ts';
import { oneRow } from '../connection/one-row.ts';

/** What the database itself has, for whatever in it has none of its own. */
export interface DatabaseFacts {
  readonly characterSet: string;
  readonly collation: string;
  /** MariaDB's. */
  readonly comment: string;
  /** MySQL: new tables are encrypted. */
  readonly encrypted: boolean;
  /** 0: names of tables as written, and case counts; 1: in lower case; 2: as written, case does not count. */
  readonly lowerCaseTableNames: number;
  /** bytes. */
  readonly maxAllowedPacket: number;
}

export async function readDatabase(session: MysqlSession): Promise<DatabaseFacts> {
  const own =
    session.server.flavor === 'mysql'
      ? "'' AS comment, DEFAULT_ENCRYPTION = 'YES' AS encrypted"
      : 'SCHEMA_COMMENT AS comment, 0 AS encrypted';
  const row = await oneRow<Omit<DatabaseFacts, 'encrypted'> & { readonly encrypted: unknown }>(
    session,
    `
    SELECT DEFAULT_CHARACTER_SET_NAME AS characterSet, DEFAULT_COLLATION_NAME AS collation, ${own},
      @@lower_case_table_names AS lowerCaseTableNames, @@global.max_allowed_packet AS maxAllowedPacket
    FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()`,
  );
  return { ...row, encrypted: Boolean(Number(row.encrypted)) };
}

/** Without its name: whichever database the dump is restored into. */
export function databaseText({ characterSet, collation, comment, encrypted }: DatabaseFacts): string {
  return [
    `ALTER DATABASE CHARACTER SET ${characterSet} COLLATE ${collation};`,
    ...(comment === '' ? [] : [`/*M!100502 ALTER DATABASE COMMENT ${quoteLiteral(comment)} */;`]),
    ...(encrypted ? [`/*!80016 ALTER DATABASE ENCRYPTION 'Y' */;`] : []),
    '',
    '',
  ].join('\n');
}
