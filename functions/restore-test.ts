import { BACKUP_ID } from '../lib/archive/names.ts';
import type { Cofre } from '../lib/cofre.ts';
import { openPlace, type RestoreTestReport, runRestoreTest } from '../lib/tasks/restore-test.ts';
import { type Remaining, withinTime } from './deadline.ts';
import type { RestoreTestEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Tests the restore of one backup. */
export function createRestoreTestHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: RestoreTestEvent, context?: Remaining): Promise<RestoreTestReport> => {
    const { backup: id, actor, into } = event;
    const database = BACKUP_ID.exec(id)?.[1] ?? '';
    const wanted = { kind: 'restore-test', database, trigger: 'manual', actor } as const;
    return withQueued(cofre, event, wanted, async (queued) => {
      const backup = await cofre.catalog.find(id);
      const place = await openPlace(cofre, backup, into);
      const task = { backup, ...place, actor };
      return await runRestoreTest(cofre, task, withinTime(context, stop, cofre.logger), queued);
    });
  };
}
