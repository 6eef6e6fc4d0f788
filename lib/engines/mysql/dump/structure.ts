import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import type { MysqlSessions } from '../connection/sessions.ts';
import { tableTimesSql } from '../schema/catalog-sql.ts';
import { tableTexts } from '../schema/tables.ts';

/** A table, and where the server says so, when it was made. */
export interface TableTime {
  readonly name: string;
  readonly created: string;
}

export function tableTimes(session: MysqlSession): Promise<TableTime[]> {
  return session.query<TableTime>(tableTimesSql(session.server.flavor));
}

/** What the tables were when the dump began. */
export interface Structure {
  readonly times: readonly TableTime[];
  /** `CREATE TABLE` of each. */
  readonly texts: ReadonlyMap<string, string>;
  /** InnoDB's numbers of the tables, where we may see them: another table of the same name has another. */
  readonly numbers: ReadonlyMap<string, string>;
}

/**
 * Makes sure, over any of the sessions, that every table is still the one that the dump began with. What was rewritten
 * or emptied after the snapshot, InnoDB refuses to read (ER_TABLE_DEF_CHANGED); but one that was swapped with another by
 * RENAME, or got a column at once, it would give as it is.
 * @throws {CofreError} `SOURCE_BUSY`, with the name of a table that was altered or dropped
 */
export async function requireSameStructure(sessions: MysqlSessions, before: Structure): Promise<void> {
  const [first] = sessions;
  const created = new Map((await tableTimes(first)).map((table) => [table.name, table.created]));
  for (const table of before.times) {
    if (created.get(table.name) !== table.created) throw altered(table.name);
  }
  const numbers = await tableNumbers(first);
  for (const [name, number] of before.numbers) {
    if (numbers.get(name) !== number) throw altered(name.replace(/^.*\//, ''));
  }
  await Promise.all(sessions.map((session, n) => compareTexts(session, share(before, n, sessions.length))));
}

function share({ texts }: Structure, n: number, of: number): [name: string, text: string][] {
  return [...texts].filter((_, at) => at % of === n);
}

/** ER_NO_SUCH_TABLE */
const GONE = 1146;

async function compareTexts(
  session: MysqlSession,
  texts: readonly [name: string, text: string][],
): Promise<void> {
  try {
    const now = await tableTexts(
      session,
      texts.map(([name]) => ({ name })),
    );
    for (const [name, text] of texts) if (lasting(now.get(name)) !== lasting(text)) throw altered(name);
  } catch (error) {
    if (isServerError(error) && error.errno === GONE)
      throw altered(error.message.replace(/^.*\.([^']*)'.*$/, '$1'));
    throw error;
  }
}

/** Rows that come in raise the next number. */
function lasting(text: string | undefined): string | undefined {
  return text?.replace(/ AUTO_INCREMENT=\d+/, '');
}

/** Needs the right PROCESS; nothing without it. Names are in the encoding of file names, so not of every database. */
export async function tableNumbers(session: MysqlSession): Promise<Map<string, string>> {
  const { database } = session.settings;
  if (!/^[a-z0-9_]+$/i.test(database)) return new Map();
  const table = session.server.flavor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES';
  const sql = `SELECT NAME AS name, CAST(TABLE_ID AS CHAR) AS number FROM information_schema.${table} WHERE NAME LIKE ?`;
  const rows = await session
    .query<{ name: string; number: string }>(sql, [`${database.replaceAll('_', '\\_')}/%`])
    .catch(() => []);
  return new Map(rows.map(({ name, number }) => [name, number]));
}

export function altered(name: string): CofreError {
  return new CofreError('SOURCE_BUSY', `The table ${name} was altered or dropped while the backup ran.`, {
    hint: 'Try again when nobody alters tables.',
  });
}
