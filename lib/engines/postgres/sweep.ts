import { CofreError } from '../../errors.ts';
import { liveness } from '../../process.ts';
import { makerOf } from '../sql/load/temporary-name.ts';
import { deadScratches, dropScratch } from './restore-test/dead.ts';
import { dropDatabase, openMaintenance } from './swap/temporary.ts';
import { openSession, type PgSession } from './wire/connect.ts';
import { explaining, isServerError } from './wire/failures.ts';
import { oneRow } from './wire/one-row.ts';
import { type ConnectionSettings, parseUrl } from './wire/url.ts';

/** As `applicationName` writes it. */
const SESSION = /^cofre \S+ ([0-9a-f]{12})-(\d+)-(\d+)$/;

/** How long all may take, and how long a session may take to end, ms. */
const LIMIT_MS = 60_000;
const END_MS = 5_000;

/**
 * Ends sessions and drops databases of dumps and loads on this server whose process, on this host, is dead, and those of
 * restore tests that died on any host; says how many. A session may outlive its process when the network does not say that the other end is gone.
 * @throws {CofreError} `TARGET_INVALID` when the server cannot be reached.
 */
export async function sweep(url: string): Promise<number> {
  const settings = parseUrl(url);
  const signal = AbortSignal.timeout(LIMIT_MS);
  return await explaining('target', settings, signal, async () => {
    await using session = await openAny(settings, signal);
    if (!session) return 0;
    return (await endSessions(session)) + (await dropDatabases(session)) + (await dropScratches(session));
  });
}

/** A role may be let into its own database alone; `undefined` when that does not exist. */
async function openAny(settings: ConnectionSettings, signal: AbortSignal): Promise<PgSession | undefined> {
  try {
    return await openMaintenance(settings, { purpose: 'sweep', signal });
  } catch (error) {
    if (stateOf(error) === undefined) throw error;
  }
  try {
    return await openSession(settings, { role: 'target', purpose: 'sweep', signal });
  } catch (error) {
    if (stateOf(error) !== '3D000') throw error;
    return undefined;
  }
}

function stateOf(error: unknown): string | undefined {
  return error instanceof CofreError && isServerError(error.cause) ? error.cause.code : undefined;
}

async function endSessions({ client }: PgSession): Promise<number> {
  const { rows } = await client.query<{ pid: number; name: string }>(
    "SELECT pid, application_name AS name FROM pg_stat_activity WHERE application_name LIKE 'cofre %'",
  );
  let ended = 0;
  for (const { pid } of rows.filter(({ name }) => isDead(name))) {
    ended += await attempt(async () => {
      const sql = 'SELECT pg_terminate_backend($1, $2) AS done';
      return (await oneRow<{ done: boolean }>(client, sql, [pid, END_MS])).done;
    });
  }
  return ended;
}

function isDead(applicationName: string): boolean {
  const [, host, pid, started] = SESSION.exec(applicationName) ?? [];
  if (host === undefined || started === undefined) return false;
  return liveness({ host, pid: Number(pid), started }) === 'dead';
}

async function dropDatabases(session: PgSession): Promise<number> {
  const { rows } = await session.client.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname ~ '^cofre_'",
  );
  let dropped = 0;
  for (const { name } of rows.filter(({ name }) => makerOf(name) === 'dead')) {
    dropped += await attempt(async () => {
      await dropDatabase(session, name);
      return true;
    });
  }
  return dropped;
}

async function dropScratches(session: PgSession): Promise<number> {
  let dropped = 0;
  for (const name of await deadScratches(session)) {
    dropped += await attempt(async () => {
      await dropScratch(session, name);
      return true;
    });
  }
  return dropped;
}

/** What belongs to another role is left to a sweep of that role; what another sweep has just cleared is gone. */
async function attempt(work: () => Promise<boolean>): Promise<0 | 1> {
  try {
    return (await work()) ? 1 : 0;
  } catch (error) {
    if (isServerError(error) && /^(?:42501|3D000|55006)$/.test(error.code)) return 0;
    throw error;
  }
}
