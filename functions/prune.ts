import type { Cofre } from '../lib/cofre.ts';
import { type PruneRequest, settle } from '../lib/prune.ts';
import type { PrunePolicy } from '../lib/requests/prune.ts';
import { type Discard, type PruneReport, runPrune } from '../lib/tasks/prune.ts';

/** Applies a retention policy now. `discard` stands in where the databases' servers cannot be reached. */
export function createPruneHandler(cofre: Cofre, discard?: Discard) {
  return async (event: PruneRequest): Promise<PruneReport> => await runPrune(cofre, event, discard);
}

/** What the rule of the schedule asks for. */
export interface ScheduledPrune {
  readonly trigger: 'schedule';
}

/** The daily round: the configured policy, if there is one, and in any case what kills have left. */
export function createScheduledPruneHandler(cofre: Cofre, discard?: Discard) {
  return async (_: ScheduledPrune): Promise<PruneReport | null> => {
    await settle(cofre);
    const policy = policyOf(cofre);
    if (!policy) return null;
    const report = await runPrune(cofre, { policy, dryRun: false }, discard);
    const { removed, freedBytes, replaced, warnings } = report;
    cofre.logger.info('Old backups were pruned.', { removed, freedBytes, replaced, warnings });
    return report;
  };
}

function policyOf({ config }: Cofre): PrunePolicy | undefined {
  const { days, keepLast } = config.aws.prune;
  if (days !== undefined) return { days };
  return keepLast === undefined ? undefined : { keepLast };
}
