import { type PruneOptions, policyOf } from '../../requests/prune.ts';
import type { PruneReport } from '../../tasks/prune.ts';
import { type DescribedJob, describeJobs, type JobsOptions } from '../commands/jobs.ts';
import { describePruned } from '../commands/prune.ts';
import type { StackSession } from './session.ts';

export async function jobsOnStack(
  { api, output, stack }: StackSession,
  { database, limit }: JobsOptions,
): Promise<void> {
  const { jobs } = await api.get<{ jobs: readonly DescribedJob[] }>('jobs', { database, limit });
  output.result({ jobs }, () => describeJobs(jobs, stack.store));
}

export async function pruneOnStack(
  { api, output, stack }: StackSession,
  options: PruneOptions,
): Promise<void> {
  const { database, dryRun = false } = options;
  const report = await api.post<PruneReport>('prune', { ...policyOf(options), database, dryRun });
  for (const warning of report.warnings) output.note(`cofre: ${warning}`);
  output.result(report, () => describePruned(report, stack.store));
}
