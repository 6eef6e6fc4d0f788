import type { Cofre } from '../lib/cofre.ts';
import type { PruneRequest } from '../lib/prune.ts';
import { runPrune } from '../lib/tasks/prune.ts';

/** Applies a retention policy now. */
export function createPruneHandler(cofre: Cofre) {
  return async (event: PruneRequest) => await runPrune(cofre, event);
}
