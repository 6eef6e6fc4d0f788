import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { queryRaw, rawText } from './show-create.ts';
import { inComment, storedProgram, surroundingsOf } from './stored-program.ts';

interface Routine {
  readonly name: string;
  readonly type: string;
}

/** MariaDB's packages first: the body needs its package, and others may use it. */
const ORDER = ['PACKAGE', 'PACKAGE BODY', 'FUNCTION', 'PROCEDURE'];

const ROUTINES = `
  SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type FROM information_schema.ROUTINES
  WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_NAME`;

/** Names of all functions. */
export async function functionNames(session: MysqlSession): Promise<string[]> {
  const routines = await session.query<Routine>(ROUTINES);
  return routines.filter(({ type }) => type === 'FUNCTION').map(({ name }) => name);
}

/** @throws {CofreError} `SOURCE_FAILED` for one whose text the user may not see */
export async function routineTexts(session: MysqlSession, collation: string): Promise<string[]> {
  const found = await session.query<Routine>(ROUTINES);
  const routines = found.toSorted((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
  const texts: string[] = [];
  for (const { name, type } of routines) {
    const [row] = await queryRaw(session, `SHOW CREATE ${type} ${quoteIdent(name)}`);
    const sql = row?.[`create ${type.toLowerCase()}`];
    if (!row || typeof sql !== 'string') throw hidden(type, name);
    texts.push(storedProgram(titleOf(type, name), sql, surroundingsOf(row), collation));
  }
  return texts;
}

function titleOf(type: string, name: string): string {
  return rawText(`${type.charAt(0)}${type.slice(1).toLowerCase()} ${inComment(name)}`);
}

function hidden(type: string, name: string): CofreError {
  return new CofreError(
    'SOURCE_FAILED',
    `The user may not see the text of the ${type.toLowerCase()} ${name}.`,
    { hint: 'Grant it SHOW_ROUTINE (MySQL) or SELECT on mysql.proc (MariaDB), or connect as its definer.' },
  );
}

/** JavaScript libraries, since MySQL 9.2; routines may use them. */
export async function libraryTexts(session: MysqlSession): Promise<string[]> {
  if (session.server.flavor !== 'mysql' || session.server.number < 90_200) return [];
  const libraries = await session.query<{ name: string }>(
    'SELECT LIBRARY_NAME AS name FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = DATABASE() ORDER BY 1',
  );
  const texts: string[] = [];
  for (const { name } of libraries) {
    const [row] = await queryRaw(session, `SHOW CREATE LIBRARY ${quoteIdent(name)}`);
    const sql = row?.['create library'];
    if (!row || typeof sql !== 'string') throw hidden('library', name);
    // A library belongs to no character set but the database's own.
    const plain = { ...surroundingsOf(row), client: 'utf8mb4', connection: 'utf8mb4_0900_ai_ci' };
    texts.push(storedProgram(rawText(`Library ${inComment(name)}`), sql, plain, ''));
  }
  return texts;
}
