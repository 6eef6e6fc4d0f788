import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { Statement } from '../sql/items.ts';

/** Waiting for others is worth it once there is no way back, s: they wait for us, too, and only for a statement. */
export const PATIENCE = 3_600;

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
}
