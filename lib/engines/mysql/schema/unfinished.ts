import { quoteIdent } from '../connection/identifiers.ts';
import type { MysqlSession } from '../connection/session.ts';

/** A table that says that its database is not whole: a restore in place has begun, and has not come to its end. */
export const MARK = 'cofre_unfinished_restore';

/** In the session's database. */
export async function mark(session: MysqlSession, at: Date): Promise<void> {
  await session.run(`CREATE TABLE IF NOT EXISTS ${MARK} (began VARCHAR(30) NOT NULL)`);
  await session.query(`INSERT INTO ${MARK} VALUES (?)`, [at.toISOString()]);
}

export async function unmark(session: MysqlSession): Promise<void> {
  await session.run(`DROP TABLE ${MARK}`);
}

/** Why `database` is not whole, as a sentence; `undefined` for one that is. */
export async function incompleteSince(session: MysqlSession, database: string): Promise<string | undefined> {
  const found = await session.query(
    'SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [database, MARK],
  );
  if (found.length === 0) return undefined;
  const sql = `SELECT MAX(began) AS began FROM ${quoteIdent(database)}.${MARK}`;
  const rows = await session.query<{ began: string | null }>(sql);
  const began = rows[0]?.began ?? 'some time';
  return `${database} is incomplete: a restore in place, begun at ${began}, did not come to its end. Restore it once more.`;
}
