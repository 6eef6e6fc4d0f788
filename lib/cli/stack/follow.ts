import { systemClock } from '../../clock.ts';
import { CofreError } from '../../errors.ts';
import { errorOf, type Job } from '../../jobs/job.ts';
import type { StackSession } from './session.ts';

/** How often a job is asked for, ms: small ones end soon. */
const FIRST_POLL_MS = 250;
const POLL_MS = 1_000;

/**
 * Follows a job that the API has accepted to its end, with the progress bar, and returns its result.
 * @throws {CofreError} the job's own error; `ABORTED` when the process is told to stop, and the job goes on
 */
export async function follow<T>({ api, bar, name, process }: StackSession, { job }: Accepted): Promise<T> {
  let pause = FIRST_POLL_MS;
  try {
    for (let seen = job; ; seen = await api.get<Job>(`jobs/${job.id}`)) {
      if (seen.status === 'succeeded') return seen.result as T;
      if (seen.status === 'failed') throw errorOf(seen);
      if (seen.progress) bar.show(seen.progress);
      await systemClock.sleep(pause, process.signal);
      pause = Math.min(POLL_MS, pause * 2);
    }
  } catch (error) {
    throw process.signal.aborted ? left(name, job) : error;
  } finally {
    bar.clear();
  }
}

export interface Accepted {
  readonly job: Job;
}

function left(stack: string, { id, kind }: Job): CofreError {
  return new CofreError('ABORTED', `No longer followed: the ${kind} ${id} goes on in AWS.`, {
    hint: `See how it ends: cofre --stack ${stack} jobs`,
  });
}
