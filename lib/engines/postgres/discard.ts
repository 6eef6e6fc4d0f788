import type { Client } from 'pg';
import { occupants } from './swap/occupants.ts';
import { type Kept, listKept } from './swap/replaced.ts';
import { onServer } from './swap/scratch.ts';
import { dropSubscriptions } from './swap/temporary.ts';
import type { PgSession } from './wire/connect.ts';
import { explaining, isServerError } from './wire/failures.ts';
import { quoteIdent } from './wire/identifiers.ts';
import { parseUrl } from './wire/url.ts';

/** How long the whole may take, ms. */
const LIMIT_MS = 600_000;

/**
 * Drops what swaps and their undoing have kept of the database at `url` and took out of its place before `before`;
 * with `dryRun` only names it. One that somebody is connected to stays, and is not named.
 * @throws {CofreError} `TARGET_INVALID`
 */
export async function discard(url: string, before: Date, dryRun: boolean): Promise<readonly string[]> {
  const settings = parseUrl(url);
  const signal = AbortSignal.timeout(LIMIT_MS);
  return await explaining('target', settings, signal, () =>
    onServer(settings, signal, async (session) => {
      const { client } = session;
      const names: string[] = [];
      for (const kept of await listKept(client, settings.database)) {
        if (kept.at.getTime() >= before.getTime()) continue;
        if (dryRun ? await isFree(client, kept) : await drop(session, kept)) names.push(kept.name);
      }
      return names;
    }),
  );
}

async function isFree(client: Client, { oid }: Kept): Promise<boolean> {
  return (await occupants(client, [oid])).length === 0;
}

/** @returns `false` when somebody is connected: the server itself makes sure that nobody is */
async function drop(session: PgSession, kept: Kept): Promise<boolean> {
  const { client } = session;
  if (!(await isFree(client, kept))) return false;
  try {
    await client.query(`ALTER DATABASE ${quoteIdent(kept.name)} IS_TEMPLATE false`);
    await dropSubscriptions(session, kept.name);
    await client.query(`DROP DATABASE ${quoteIdent(kept.name)}`);
    return true;
  } catch (error) {
    if (isServerError(error) && error.code === '55006') return false;
    throw error;
  }
}
