import { thisProcess } from '../../../process.ts';
import type { Role } from '../../sql/connection/failures.ts';
import { greetingOf } from './driver.ts';
import { explain, explaining } from './failures.ts';
import { connectPlainly } from './log-in.ts';
import { requireSupported, serverFacts } from './server-facts.ts';
import { type MysqlSession, sessionOn } from './session.ts';
import { sessionSettings } from './session-settings.ts';
import type { ConnectionSettings } from './url.ts';

export type { MysqlSession } from './session.ts';

export interface OpenOptions {
  /** Decides between `SOURCE_…` and `TARGET_…` codes. */
  readonly role: Role;
  /** One word for the connection's `program_name`: `dump`, `load`, `inspect`, `sweep`. */
  readonly purpose: string;
  readonly signal: AbortSignal;
}

/**
 * Connects. When `signal` fires, the running statement is ended and the connection closed.
 * @throws {CofreError} `SOURCE_NOT_FOUND` for a database that does not exist, `SOURCE_FAILED`, `SOURCE_INVALID` for a
 * server that is too old, `TARGET_INVALID`, `USAGE`
 */
export async function openSession(
  settings: ConnectionSettings,
  { role, purpose, signal }: OpenOptions,
): Promise<MysqlSession> {
  signal.throwIfAborted();
  const client = await explaining(role, settings, signal, () =>
    connectPlainly(settings, { programName: programName(purpose), signal }),
  );
  const session = sessionOn(client, settings, { role, signal }, serverFacts(greetingOf(client)));
  try {
    requireSupported(session.server, role);
    for (const sql of sessionSettings(session.server.flavor)) await session.run(sql);
    signal.throwIfAborted();
    return session;
  } catch (error) {
    await session.close();
    signal.throwIfAborted();
    throw explain(error, role, settings);
  }
}

/** `cofre <purpose> <host>-<pid>-<started>`: tells whose session this is (`session_connect_attrs`). */
function programName(purpose: string): string {
  const { host, pid, started } = thisProcess();
  return `cofre ${purpose} ${host}-${pid}-${started}`;
}
