import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { follow } from '../../sql/load/follow.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import type { LoadLimits } from '../load/open-dump.ts';
import { dropAll } from './clear-away.ts';
import { exchange } from './exchange.ts';
import { loadStaging } from './load-staging.ts';
import { openHolder } from './maker-lock.ts';
import type { SwapNames } from './names.ts';
import { afterFailure, afterSuccess } from './own-failure.ts';

/**
 * Loads into a schema beside the target, checks it, and lets its tables and the target's change places; see
 * docs/decisions/0012. What was there is dropped last.
 * @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED`, `TARGET_BUSY`, `TARGET_INVALID`, `NO_SPACE`
 */
export async function loadSwapped(
  settings: ConnectionSettings,
  input: LoadInput,
  context: EngineContext,
  limits: LoadLimits,
  options: LoadOptions,
): Promise<LoadResult> {
  using following = follow(context.signal);
  let names: SwapNames | undefined;
  let loaded: LoadResult | undefined;
  try {
    await using holder = await openHolder(settings, following.signal);
    const { session } = holder;
    names = holder.names;
    const load = { settings, input, context, limits, options, names, session };
    const { plan, result } = await loadStaging(load, following.signal);
    // From here on the signal must not cut the connection: it is looked at before the tables move.
    following.stop();
    loaded = result;
    const { lockWaitMs } = limits;
    const { terminateConnections = false } = options;
    const exchanging = { lockWaitMs, terminateConnections };
    await exchange({ session, settings, names, plan, limits: exchanging, signal: context.signal });
    await dropAll(session, names).catch(() => afterSuccess(settings, holder.names, context.logger));
    return result;
  } catch (error) {
    const outcome =
      names && (await afterFailure(settings, names, context.logger, loaded !== undefined, error));
    // It may have been done, and nobody could say so any more.
    if (!loaded || (outcome !== 'finished' && outcome !== 'cleared')) throw error;
    return loaded;
  }
}
