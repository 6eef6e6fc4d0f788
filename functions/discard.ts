import type { Cofre } from '../lib/cofre.ts';
import { discardOn } from '../lib/tasks/prune.ts';
import type { DiscardEvent } from './events.ts';

/** For `prune` and `api`, which cannot reach the databases: names, or drops, what restores by swap have kept. */
export function createDiscardHandler(cofre: Cofre) {
  const discard = discardOn(cofre);
  return async ({ database, before, dryRun }: DiscardEvent): Promise<readonly string[]> =>
    await discard(database, new Date(before), dryRun);
}
