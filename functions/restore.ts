import type { Cofre } from '../lib/cofre.ts';
import { sourceOf } from '../lib/restore.ts';
import { type RestoreReport, runRestore } from '../lib/tasks/restore.ts';
import { deadline, type Remaining } from './deadline.ts';
import type { RestoreEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Restores one backup into a configured database. That its name was typed back, the API has checked. */
export function createRestoreHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: RestoreEvent, context?: Remaining): Promise<RestoreReport> =>
    withQueued(cofre, event.job, async (queued) => {
      const source = sourceOf(cofre, await cofre.catalog.find(event.backup));
      const target = await cofre.database(event.database);
      const task = { source, target, safetyBackup: event.safetyBackup, actor: event.actor };
      return await runRestore(cofre, task, { signal: deadline(context, stop) }, queued);
    });
}
