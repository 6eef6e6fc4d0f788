import type { Job } from '../../jobs/job.ts';
import { formatSeconds, formatTime, table } from '../output.ts';
import type { CliSession } from '../session.ts';

export interface JobsOptions {
  readonly database?: string;
  readonly limit: number;
}

export async function jobsCommand({ cofre, output }: CliSession, options: JobsOptions): Promise<void> {
  const jobs = await cofre.journal.list(options);
  output.result({ jobs }, () => {
    if (jobs.length === 0) return `No jobs in ${cofre.store.url}.`;
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
  });
}

function outcome({ status, error, progress, startedAt, finishedAt }: Job): string {
  if (error) return `${error.code}: ${error.message}`;
  if (status === 'succeeded')
    return formatSeconds((Date.parse(finishedAt!) - Date.parse(startedAt!)) / 1_000);
  return progress?.phase ?? '';
}
