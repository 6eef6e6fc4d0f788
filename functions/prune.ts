import type { Cofre } from '../lib/cofre.ts';
import { type PruneRequest, prune } from '../lib/prune.ts';
import { summarizePrune } from '../lib/summary.ts';

/** Applies a retention policy now. */
export function createPruneHandler(cofre: Cofre) {
  return async (event: PruneRequest) => summarizePrune(await prune(cofre, event));
}
