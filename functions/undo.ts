import type { Cofre } from '../lib/cofre.ts';
import { runUndo, type UndoReport } from '../lib/tasks/restore.ts';
import { deadline, type Remaining } from './deadline.ts';
import type { UndoEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Undoes the latest restore by swap of a configured database. */
export function createUndoHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: UndoEvent, context?: Remaining): Promise<UndoReport> =>
    withQueued(cofre, event.job, async (queued) => {
      const task = { target: await cofre.database(event.database), actor: event.actor };
      return await runUndo(cofre, task, { signal: deadline(context, stop) }, queued);
    });
}
