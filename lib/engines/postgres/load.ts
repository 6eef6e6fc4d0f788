import { CofreError } from '../../errors.ts';
import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../engine.ts';
import { unwrapping } from '../sql/load/passed-on.ts';
import { isScratch, loadIntoScratch } from './restore-test/load.ts';
import { loadIntoNew } from './swap/into-new.ts';
import { loadSwapped, type SwapLimits } from './swap/load.ts';
import { sweep } from './sweep.ts';
import { loadIntoExisting } from './transaction/load.ts';
import { openSession } from './wire/connect.ts';
import { explaining, isServerError } from './wire/failures.ts';
import { type ConnectionSettings, parseUrl } from './wire/url.ts';

/** invalid_catalog_name: there is no such database. */
const MISSING = '3D000';

/**
 * Replaces what is in the database at `url` by the dump: in one transaction (mode `transaction`), or beside it (`swap`). A
 * database that does not exist is made.
 * @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED`, `TARGET_BUSY`, `TARGET_INVALID`, `NO_SPACE`, `USAGE`
 */
export async function load(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: SwapLimits,
  options: LoadOptions = {},
): Promise<LoadResult> {
  const settings = parseUrl(url);
  const { signal } = context;
  signal.throwIfAborted();
  return await unwrapping(() =>
    explaining('target', settings, signal, async () => {
      await sweep(url);
      signal.throwIfAborted();
      if (!(await exists(settings, signal))) return await loadIntoNew(url, input, context, limits, options);
      if (options.inert && (await isScratch(settings, signal)))
        return await loadIntoScratch(url, input, context, limits, options);
      if (options.mode === 'swap') return await loadSwapped(url, input, context, limits, options);
      return await loadIntoExisting(settings, input, context, limits, options);
    }),
  );
}

async function exists(settings: ConnectionSettings, signal: AbortSignal): Promise<boolean> {
  try {
    await using _ = await openSession(settings, { role: 'target', purpose: 'load', signal });
    return true;
  } catch (error) {
    if (error instanceof CofreError && isServerError(error.cause) && error.cause.code === MISSING)
      return false;
    throw error;
  }
}
