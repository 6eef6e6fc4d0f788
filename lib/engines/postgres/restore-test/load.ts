import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { readDatabase } from '../swap/database.ts';
import { type Filling, fill, requireFitting } from '../swap/fill.ts';
import { loading, type SwapLimits } from '../swap/load.ts';
import { openSession } from '../wire/connect.ts';
import type { ConnectionSettings } from '../wire/url.ts';
import { isMarked } from './mark.ts';

/** Whether the database at `settings` is one that a restore test has made. */
export async function isScratch(settings: ConnectionSettings, signal: AbortSignal): Promise<boolean> {
  await using session = await openSession(settings, { role: 'target', purpose: 'load', signal });
  const found = await readDatabase(session.client, settings.database);
  return found !== undefined && isMarked(found);
}

/**
 * Loads into a scratch database as into one that was just made for a restore: each part is committed as it comes, since
 * in one transaction thousands of tables would fill the server's lock table, and a failure leaves nothing that counts.
 * @throws {CofreError} as `loadSwapped`
 */
export async function loadIntoScratch(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: SwapLimits,
  options: LoadOptions,
): Promise<LoadResult> {
  const inert = { jobs: 1, ...options, inert: true };
  return await loading(url, input, context, limits, inert, async (filling, settings, failing) => {
    await requireItFits(settings, filling, failing.signal);
    return await fill(settings, filling, context, failing);
  });
}

async function requireItFits(
  settings: ConnectionSettings,
  filling: Filling,
  signal: AbortSignal,
): Promise<void> {
  await using session = await openSession(settings, { role: 'target', purpose: 'load', signal });
  await requireFitting(session, filling);
}
