import { BACKUP_ID } from '../lib/archive/names.ts';
import type { Cofre } from '../lib/cofre.ts';
import { runVerify, type VerifyReport } from '../lib/tasks/verify.ts';
import { type Remaining, withinTime } from './deadline.ts';
import type { VerifyEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Reads one backup back. */
export function createVerifyHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: VerifyEvent, context?: Remaining): Promise<VerifyReport> => {
    const { backup: id, actor } = event;
    const database = BACKUP_ID.exec(id)?.[1] ?? '';
    const wanted = { kind: 'verify', database, trigger: 'manual', actor } as const;
    return withQueued(cofre, event, wanted, async (queued) => {
      const backup = await cofre.catalog.find(id);
      return await runVerify(cofre, backup, actor, withinTime(context, stop, cofre.logger), queued);
    });
  };
}
