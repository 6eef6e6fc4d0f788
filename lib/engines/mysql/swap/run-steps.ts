import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { sessionSettings } from '../connection/session-settings.ts';
import type { Statement } from '../script/items.ts';

/** Waiting for others is worth it once there is no way back, s: they wait for us, too, and only for a statement. */
export const PATIENCE = 3_600;

/** As the session was when it was opened: what objects need for themselves would change the meaning of what follows. */
export async function resetSession(session: MysqlSession): Promise<void> {
  for (const sql of sessionSettings(session.server.flavor)) await session.run(sql);
}

/** Runs statements on `database`, one after the other. */
export async function runAll(
  session: MysqlSession,
  database: string,
  statements: readonly Statement[],
): Promise<void> {
  if (statements.length === 0) return;
  await session.run(`USE ${quoteIdent(database)}`);
  await session.run(`SET SESSION lock_wait_timeout = ${PATIENCE}, foreign_key_checks = 0`);
  for (const { bytes } of statements) await session.run(bytes);
  await resetSession(session);
}
