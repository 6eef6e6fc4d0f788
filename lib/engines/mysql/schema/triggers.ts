import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { queryRaw, rawText } from './show-create.ts';
import { nameIn, type SqlToken, sqlTokens } from './sql-tokens.ts';
import { inComment, storedProgram, surroundingsOf } from './stored-program.ts';

/** In the order of their action, so that each comes after those that it FOLLOWS; the server's text does not say. */
const TRIGGERS = `
  SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
  ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`;

export async function triggerTexts(session: MysqlSession, collation: string): Promise<string[]> {
  const texts: string[] = [];
  for (const { name } of await session.query<{ name: string }>(TRIGGERS)) {
    const [row] = await queryRaw(session, `SHOW CREATE TRIGGER ${quoteIdent(name)}`);
    const sql = row?.['sql original statement'];
    if (!row || typeof sql !== 'string') throw new Error(`The text of the trigger ${name} is missing.`);
    const title = rawText(`Trigger ${inComment(name)}`);
    texts.push(storedProgram(title, withPlainHead(sql), surroundingsOf(row), collation));
  }
  return texts;
}

/**
 * MariaDB keeps the head as its author wrote it, maybe with the database's name before those of trigger and table:
 * it could be made nowhere else.
 */
export function withPlainHead(sql: string): string {
  const head: SqlToken[] = [];
  for (const token of sqlTokens(sql)) {
    head.push(token);
    if (/^each$/i.test(token.text) && head.some(({ text }) => /^on$/i.test(text))) break;
  }
  const dropped = new Set<SqlToken>();
  for (const [n, token] of head.entries()) {
    if (/^(?:trigger|exists|on)$/i.test(token.text))
      for (const it of qualifierAfter(head, n)) dropped.add(it);
  }
  const length = head.reduce((sum, { text }) => sum + text.length, 0);
  const kept = head.map((token) => (dropped.has(token) ? '' : token.text)).join('');
  return kept + sql.slice(length);
}

/** The tokens of `db.` in `TRIGGER db.name`, where it is so written. */
function qualifierAfter(tokens: readonly SqlToken[], n: number): SqlToken[] {
  const after = tokens.slice(n + 1);
  const solid = after.filter(({ kind }) => kind !== 'space');
  const [database, dot, name] = solid;
  if (!database || dot?.text !== '.' || !name || nameIn(database) === '') return [];
  return after.slice(after.indexOf(database), after.indexOf(dot) + 1);
}
