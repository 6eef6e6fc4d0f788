import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { queryRaw, rawText } from './show-create.ts';
import { inComment, storedProgram, surroundingsOf } from './stored-program.ts';

const EVENTS = `
  SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY EVENT_NAME`;

export async function eventTexts(session: MysqlSession, collation: string): Promise<string[]> {
  const texts: string[] = [];
  for (const { name } of await session.query<{ name: string }>(EVENTS)) {
    const [row] = await queryRaw(session, `SHOW CREATE EVENT ${quoteIdent(name)}`);
    const sql = row?.['create event'];
    if (!row || typeof sql !== 'string') throw new Error(`The text of the event ${name} is missing.`);
    texts.push(storedProgram(rawText(`Event ${inComment(name)}`), sql, surroundingsOf(row), collation));
  }
  return texts;
}
