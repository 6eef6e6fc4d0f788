import { quoteIdent } from '../connection/identifiers.ts';
import type { MysqlSession } from '../connection/session.ts';
import { MARK } from '../schema/unfinished.ts';

interface Thing {
  readonly kind: string;
  readonly name: string;
}

/** What we may have no right to drop goes first, while all rows are still there; triggers go with their tables. */
const THINGS = [
  `SELECT 'EVENT' AS kind, EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`,
  `SELECT ROUTINE_TYPE AS kind, ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()`,
  `SELECT 'VIEW' AS kind, TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()`,
  `SELECT IF(TABLE_TYPE = 'SEQUENCE', 'SEQUENCE', 'TABLE') AS kind, TABLE_NAME AS name FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW'`,
];

const LIBRARIES =
  "SELECT 'LIBRARY' AS kind, LIBRARY_NAME AS name FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = DATABASE()";

/** Drops everything in the session's database but the mark, and gives it the settings of a new one. */
export async function emptyDatabase(session: MysqlSession): Promise<void> {
  await session.run('SET SESSION foreign_key_checks = 0');
  const { flavor, number } = session.server;
  const lists = [...THINGS, ...(flavor === 'mysql' && number >= 90_200 ? [LIBRARIES] : [])];
  for (const sql of lists) for (const thing of await session.query<Thing>(sql)) await drop(session, thing);
}

async function drop(session: MysqlSession, { kind, name }: Thing): Promise<void> {
  if (name === MARK) return;
  // MariaDB knows packages only in this mode.
  if (kind.startsWith('PACKAGE')) await session.run("SET SESSION sql_mode = 'ORACLE'");
  await session.run(`DROP ${kind} IF EXISTS ${quoteIdent(name)}`);
  if (kind.startsWith('PACKAGE')) await session.run("SET SESSION sql_mode = ''");
}
