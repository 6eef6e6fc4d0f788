import { type MysqlSession, openSession } from './connection/connect.ts';
import { explaining, isServerError } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import { type Cleared, clearAway } from './swap/clear-away.ts';
import { letGo, takeOver } from './swap/maker-lock.ts';
import { namesOf, restoreOf } from './swap/names.ts';

/** How long all may take, ms. */
const LIMIT_MS = 600_000;

/**
 * Clears what restores on this server have left whose makers are gone: a swap that has begun is finished or undone, and
 * what was made beside the target is dropped. Says how many there were.
 * @throws {CofreError} `TARGET_INVALID` when the server cannot be reached.
 */
export async function sweep(url: string): Promise<number> {
  return (await recover(url)).length;
}

/** The same; says what became of each. */
export async function recover(url: string): Promise<Cleared[]> {
  const settings = { ...parseUrl(url), database: '' };
  const signal = AbortSignal.timeout(LIMIT_MS);
  return await explaining('target', settings, signal, async () => {
    await using session = await openSession(settings, { role: 'target', purpose: 'sweep', signal });
    const cleared: Cleared[] = [];
    for (const staging of await leftRestores(session)) cleared.push(...(await clearOne(session, staging)));
    return cleared;
  });
}

async function leftRestores(session: MysqlSession): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'cofre\\_%'",
  );
  return [...new Set(rows.flatMap(({ name }) => restoreOf(name) ?? []))].sort();
}

/** ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED */
const DENIED = [1044, 1045, 1142, 1227];

/** What belongs to another user is left to a sweep of that user. */
async function clearOne(session: MysqlSession, staging: string): Promise<Cleared[]> {
  if (!(await takeOver(session, staging))) return [];
  try {
    return [await clearAway(session, namesOf(staging), true)];
  } catch (error) {
    if (isServerError(error) && DENIED.includes(error.errno)) return [];
    throw error;
  } finally {
    await letGo(session, staging).catch(() => {});
  }
}
