import type { Cofre } from '../lib/cofre.ts';
import { remove } from '../lib/prune.ts';
import type { RemoveEvent } from './events.ts';

/** Deletes one backup by its id. In AWS the prune function does it, the only one that may delete. */
export function createRemoveHandler(cofre: Cofre) {
  return async (event: RemoveEvent): Promise<void> =>
    await remove(cofre, await cofre.catalog.find(event.remove), event.force);
}
