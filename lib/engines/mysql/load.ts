import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../engine.ts';
import { unwrapping } from '../sql/load/passed-on.ts';
import { explaining } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import { loadInPlace } from './in-place/load.ts';
import type { LoadLimits } from './load/open-dump.ts';
import { loadSwapped } from './swap/load.ts';
import { sweep } from './sweep.ts';

/**
 * Replaces what is in the database at `url` by the dump: all or nothing, but with mode `in-place`, which empties it first.
 * A database that does not exist is made.
 * @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED`, `TARGET_BUSY`, `TARGET_INVALID`, `NO_SPACE`, `USAGE`
 */
export async function load(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: LoadLimits,
  options: LoadOptions = {},
): Promise<LoadResult> {
  const settings = parseUrl(url);
  const { signal } = context;
  signal.throwIfAborted();
  return await unwrapping(() =>
    explaining('target', settings, signal, async () => {
      await sweep(url);
      signal.throwIfAborted();
      const loadAs = options.mode === 'in-place' ? loadInPlace : loadSwapped;
      return await loadAs(settings, input, context, limits, options);
    }),
  );
}
