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

/** When the restore began that has left `database` incomplete; `undefined` for a database that is whole. */
export async function unfinishedSince(session: MysqlSession, database: string): Promise<string | undefined> {
  const found = await session.query(
    'SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [database, MARK],
  );
  if (found.length === 0) return undefined;
  const rows = await session.query<{ began: string }>(`SELECT MAX(began) AS began FROM ??.${MARK}`, [
    database,
  ]);
  return rows[0]?.began ?? 'an unknown time';
}
