import type { EngineContext, TablesInput, TablesOptions, TablesResult } from '../engine.ts';
import { unwrapping } from '../sql/load/passed-on.ts';
import { explaining } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import type { LoadLimits } from './load/open-dump.ts';
import { sweep } from './sweep.ts';
import { loadStaged } from './tables/load.ts';

/**
 * Brings single tables back: each as a new table beside the live ones, or, with `replace`, as the rows of the live one.
 * All of them, or nothing is changed.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`, `TARGET_BUSY`, `TARGET_INVALID`
 */
export async function loadTables(
  url: string,
  input: TablesInput,
  context: EngineContext,
  options: TablesOptions,
  limits: LoadLimits,
): Promise<TablesResult> {
  const settings = parseUrl(url);
  const { signal } = context;
  signal.throwIfAborted();
  return await unwrapping(() =>
    explaining('target', settings, signal, async () => {
      await sweep(url);
      return await loadStaged(settings, input, context, options, limits);
    }),
  );
}
