import { makerOf } from '../sql/load/temporary-name.ts';
import { type MysqlSession, openSession } from './connection/connect.ts';
import { explaining, isServerError } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import { clearTest, leftTests } from './restore-test/leftovers.ts';
import { type Cleared, clearAway } from './swap/clear-away.ts';
import { letGo, takeOver } from './swap/maker-lock.ts';
import { namesOf, restoreOf } from './swap/names.ts';
import { isElsewhere } from './swap/server-mark.ts';

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

/** What became of something that was left. */
export type Recovered = Cleared | { readonly outcome: 'test' };

/** The same; says what became of each. */
export async function recover(url: string): Promise<Recovered[]> {
  const settings = { ...parseUrl(url), database: '' };
  const signal = AbortSignal.timeout(LIMIT_MS);
  return await explaining('target', settings, signal, async () => {
    await using session = await openSession(settings, { role: 'target', purpose: 'sweep', signal });
    const cleared: Recovered[] = [];
    for (const staging of await leftRestores(session)) cleared.push(...(await clearOne(session, staging)));
    // After the restores that went into them.
    for (const names of await leftTests(session)) {
      if (await unlessDenied(clearTest(session, names))) cleared.push({ outcome: 'test' });
    }
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

async function clearOne(session: MysqlSession, staging: string): Promise<Cleared[]> {
  if (await isElsewhere(session, staging)) return [];
  if (!(await takeOver(session, staging, makerOf(staging) ?? 'unknown'))) return [];
  try {
    const cleared = await unlessDenied(clearAway(session, namesOf(staging), true));
    return cleared ? [cleared] : [];
  } finally {
    await letGo(session, staging).catch(() => {});
  }
}

/** What belongs to another user is left to a sweep of that user. */
async function unlessDenied<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isServerError(error) && DENIED.includes(error.errno)) return undefined;
    throw error;
  }
}
