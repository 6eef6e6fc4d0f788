import type { Cofre } from '../lib/cofre.ts';
import { runVerify, type VerifyReport } from '../lib/tasks/verify.ts';
import { deadline, type Remaining } from './deadline.ts';
import type { VerifyEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Reads one backup back. */
export function createVerifyHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: VerifyEvent, context?: Remaining): Promise<VerifyReport> =>
    withQueued(cofre, event.job, async (queued) => {
      const backup = await cofre.catalog.find(event.backup);
      return await runVerify(cofre, backup, event.actor, { signal: deadline(context, stop) }, queued);
    });
}
