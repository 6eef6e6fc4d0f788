import { CofreError } from '../../errors.ts';
import type { DatabaseInfo, EngineContext } from '../engine.ts';
import { type MysqlSession, openSession } from './connection/connect.ts';
import { explaining } from './connection/failures.ts';
import { type ConnectionSettings, nameOf, parseUrl } from './connection/url.ts';
import { missingRights } from './schema/rights.ts';

/** @throws {CofreError} `SOURCE_FAILED`, `SOURCE_INVALID` for a server that is too old, `USAGE` */
export async function inspect(url: string, { signal }: Pick<EngineContext, 'signal'>): Promise<DatabaseInfo> {
  const settings = parseUrl(url);
  signal.throwIfAborted();
  try {
    return await explaining('source', settings, signal, () => look(settings, signal));
  } catch (error) {
    if (!(error instanceof CofreError) || error.code !== 'SOURCE_NOT_FOUND') throw error;
    return { exists: false, version: '', size: 0, warnings: [] };
  }
}

async function look(settings: ConnectionSettings, signal: AbortSignal): Promise<DatabaseInfo> {
  await using session = await openSession(settings, { role: 'source', purpose: 'inspect', signal });
  const [row] = await session.query<{ size: string | null }>(SIZE);
  const { version } = session.server;
  return { exists: true, version, size: Number(row?.size ?? 0), warnings: await warningsOf(session) };
}

/** As the server estimates it: rows and indexes. */
const SIZE = `
  SELECT CAST(SUM(DATA_LENGTH + INDEX_LENGTH) AS CHAR) AS size FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE()`;

async function warningsOf(session: MysqlSession): Promise<string[]> {
  const { names, grant } = await missingRights(session);
  if (grant === undefined) return [];
  return [
    `The user cannot see all of ${nameOf(session.settings)}, so a backup will fail: it lacks ${names.join(', ')}. Let an administrator run: ${grant}`,
  ];
}
