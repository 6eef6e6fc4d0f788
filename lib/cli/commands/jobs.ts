import type { Job } from '../../jobs/job.ts';
import { formatSeconds, formatTime, table } from '../output.ts';
import type { CliSession } from '../session.ts';

export interface JobsOptions {
  readonly database?: string;
  readonly limit: number;
}

/** A job as far as the API tells of it. */
export type DescribedJob = Omit<Job, 'leaseUntil' | 'worker'>;

export async function jobsCommand({ cofre, output }: CliSession, options: JobsOptions): Promise<void> {
  const jobs = await cofre.journal.list(options);
  output.result({ jobs }, () => describeJobs(jobs, cofre.store.url));
}

export function describeJobs(jobs: readonly DescribedJob[], store: string): string {
  if (jobs.length === 0) return `No jobs in ${store}.`;
  const rows = jobs.map((job) => [
    job.id,
    job.kind,
    job.database,
    job.status,
    formatTime(job.createdAt),
    job.actor,
    outcome(job),
  ]);
  return table(['ID', 'KIND', 'DATABASE', 'STATUS', 'CREATED', 'BY', 'OUTCOME'], rows);
}

function outcome({ status, error, progress, startedAt, finishedAt }: DescribedJob): string {
  if (error) return `${error.code}: ${error.message}`;
  if (status === 'succeeded' && startedAt && finishedAt)
    return formatSeconds((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000);
  return progress?.phase ?? '';
}
