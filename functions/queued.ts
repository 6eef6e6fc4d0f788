import type { Cofre } from '../lib/cofre.ts';
import type { Job } from '../lib/jobs/job.ts';

/**
 * Runs `work` with the queued job that the API made, if any. A failure before the job has even begun is written into
 * it too, so that whoever follows it learns the reason at once.
 */
export async function withQueued<T>(
  { journal }: Cofre,
  id: string | undefined,
  work: (queued: Job | undefined) => Promise<T>,
): Promise<T> {
  if (id === undefined) return await work(undefined);
  const queued = await journal.get(id);
  try {
    return await work(queued);
  } catch (error) {
    if ((await journal.get(id)).status === 'queued') await journal.fail(queued, error);
    throw error;
  }
}
