import { CofreError } from '../../../errors.ts';
import type { EngineContext } from '../../engine.ts';
import { temporaryName } from '../../sql/load/temporary-name.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';
import { INSTEAD } from './create.ts';
import { dropDatabase, openMaintenance } from './temporary.ts';

/** How long the clearing up after a failure may take, ms; what it leaves, the next sweep finds. */
const CLEARING_MS = 30_000;

/**
 * Makes a database under a temporary name, and drops it should `work` throw. When `work` returns, it has another name,
 * or nobody needs it.
 */
export async function withScratch<T>(
  settings: ConnectionSettings,
  { signal, logger }: EngineContext,
  create: (session: PgSession, name: string) => Promise<void>,
  work: (scratch: ConnectionSettings) => Promise<T>,
): Promise<T> {
  const name = temporaryName();
  let maker: number | undefined;
  try {
    await onServer(settings, signal, async (session) => {
      maker = session.backend;
      await create(session, name);
    });
    return await work({ ...settings, database: name });
  } catch (error) {
    await drop(settings, name, maker).catch((failure: Error) => {
      logger.warn('A temporary database could not be dropped; the next run will.', {
        name,
        reason: failure.message,
      });
    });
    throw error;
  }
}

/**
 * A maker whose connection was cut goes on until its statement is done, and only then would there be a database. Its
 * number may already be somebody else's.
 */
const END_MAKER = `
  SELECT pg_terminate_backend(pid, ${CLEARING_MS / 2}) FROM pg_stat_activity
  WHERE pid = $1 AND application_name = current_setting('application_name')`;

async function drop(settings: ConnectionSettings, name: string, maker: number | undefined): Promise<void> {
  if (maker === undefined) return;
  await onServer(settings, AbortSignal.timeout(CLEARING_MS), async (session) => {
    await session.client.query(END_MAKER, [maker]);
    await dropDatabase(session, name);
  });
}

/**
 * Runs `work` on a session of another database of the server than the one at `settings`.
 * @throws {CofreError} `RESTORE_REFUSED` when there is none that lets us in
 */
export async function onServer<T>(
  settings: ConnectionSettings,
  signal: AbortSignal,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  await using session = await openMaintenance(settings, { purpose: 'swap', signal }).catch((error) => {
    throw notLetIn(settings, error);
  });
  return await work(session);
}

/** Class 28: wrong credentials, or no line for this database in pg_hba.conf; 42501: no right to connect. */
export function notLetIn(settings: ConnectionSettings, error: unknown): unknown {
  if (!(error instanceof CofreError && isServerError(error.cause))) return error;
  if (!/^(?:28000|42501|3D000)$/.test(error.cause.code)) return error;
  return new CofreError(
    'RESTORE_REFUSED',
    `A swap needs another database on the server of ${nameOf(settings)}, and none lets ${settings.user} in: ${error.message}`,
    { cause: error, hint: INSTEAD },
  );
}
