import { createHash } from 'node:crypto';
import { compactTimestamp } from '../lib/clock.ts';
import type { Cofre } from '../lib/cofre.ts';
import { CofreError, toCofreError } from '../lib/errors.ts';
import { errorOf, JOB_ID, type Job, type NewJob } from '../lib/jobs/job.ts';
import type { Journal } from '../lib/jobs/journal.ts';
import { duplicate } from '../lib/jobs/lease.ts';
import type { Occurrence } from './events.ts';

/** Which job an event is about: the one that the API queued, or that of one occurrence of a schedule. */
interface Delivery {
  readonly job?: string | undefined;
  readonly occurrence?: Occurrence | undefined;
}

/**
 * Runs `work` with the record of the event's job, if it has one. Queues deliver at least once, so a job that another
 * worker has or had is not run again; only an occurrence of a schedule that failed is, as Lambda retries it. A failure
 * before the job has even begun is written into its record too, so that whoever follows it learns the reason at once.
 * @throws {CofreError} `DUPLICATE`, the failure of a job that has failed, and what `work` throws
 */
export async function withQueued<T>(
  cofre: Cofre,
  delivery: Delivery,
  wanted: NewJob,
  work: (queued: Job | undefined) => Promise<T>,
): Promise<T> {
  const { journal } = cofre;
  const queued = await recordOf(cofre, delivery, wanted);
  if (!queued) return await work(undefined);
  requireDue(queued, delivery.occurrence !== undefined);
  try {
    return await work(queued);
  } catch (error) {
    if ((await journal.get(queued.id)).status === 'queued') await journal.fail(queued, error);
    throw error;
  }
}

/** Writes the job that an event names as failed, if it names one that has not begun. */
export async function failQueued(journal: Journal, event: unknown, error: unknown): Promise<void> {
  const id = typeof event === 'object' && event !== null && 'job' in event ? event.job : undefined;
  if (typeof id !== 'string' || !JOB_ID.test(id)) return;
  const job = await journal.get(id);
  if (job.status === 'queued') await journal.fail(job, error);
}

async function recordOf(
  { journal }: Cofre,
  { job, occurrence }: Delivery,
  wanted: NewJob,
): Promise<Job | undefined> {
  if (job !== undefined) return await journal.get(job);
  if (occurrence === undefined) return undefined;
  const id = occurrenceJobId(occurrence, wanted.database);
  try {
    return await journal.get(id);
  } catch (error) {
    if (toCofreError(error).code !== 'JOB_NOT_FOUND') throw error;
    return await journal.create(wanted, id);
  }
}

/** The same for each delivery of one occurrence. */
export function occurrenceJobId({ id, time }: Occurrence, database: string): string {
  const hash = createHash('sha256').update(`${id}\n${database}`).digest('hex').slice(0, 8);
  return `${compactTimestamp(new Date(time)).replace('_', 'T')}-${hash}`;
}

function requireDue(job: Job, retried: boolean): void {
  if (job.status === 'queued' || (retried && job.status === 'failed')) return;
  if (job.status !== 'failed') throw duplicate(job.id);
  throw errorOf(job) ?? new CofreError('INTERNAL', `The job ${job.id} failed.`);
}
