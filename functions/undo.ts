import type { Cofre } from '../lib/cofre.ts';
import { runUndo, type UndoReport } from '../lib/tasks/restore.ts';
import { type Remaining, withinTime } from './deadline.ts';
import type { UndoEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Undoes the latest restore by swap of a configured database. */
export function createUndoHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: UndoEvent, context?: Remaining): Promise<UndoReport> => {
    const { database, actor, job: _, ...how } = event;
    const wanted = { kind: 'restore', database, trigger: 'manual', actor } as const;
    return withQueued(cofre, event, wanted, async (queued) => {
      const task = { target: await cofre.database(database), actor, how };
      return await runUndo(cofre, task, withinTime(context, stop, cofre.logger), queued);
    });
  };
}
