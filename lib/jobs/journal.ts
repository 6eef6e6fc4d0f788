import { mapInOrder } from '../archive/pipeline.ts';
import type { Clock } from '../clock.ts';
import { CofreError, toCofreError } from '../errors.ts';
import { liveness, thisProcess } from '../process.ts';
import type { Store } from '../store/store.ts';
import { errorRecord, JOB_ID, type Job, jobSchema, type NewJob, newJobId, type Progress } from './job.ts';

/** A job that is queued for so long without a worker is lost, ms. */
const QUEUE_MS = 120_000;
/** A running job is lost when it has not been written for so long, ms. */
const LEASE_MS = 30_000;
/** Jobs expire by this tag's rule. */
export const JOB_TAG = 'job';

const DONE: Progress = {
  phase: 'done',
  table: null,
  rows: null,
  bytes: null,
  totalBytes: null,
  secondsLeft: null,
  note: null,
};

/** Keeps the jobs, under `jobs/` in the store. */
export interface Journal {
  /** Writes a queued job, for a worker to come. */
  create(job: NewJob, id?: string): Promise<Job>;
  /** Writes a job that this process runs from the start: at no moment is there a queued one that nobody will take. */
  begin(job: NewJob, id: string): Promise<Job>;
  /** @throws {CofreError} `JOB_NOT_FOUND` */
  get(id: string): Promise<Job>;
  /** Newest first. */
  list(filter: { database?: string; status?: Job['status']; limit: number }): Promise<Job[]>;
  start(job: Job): Promise<Job>;
  progress(job: Job, progress: Progress): Promise<Job>;
  succeed(job: Job, result: Record<string, unknown>): Promise<Job>;
  fail(job: Job, error: unknown): Promise<Job>;
  /** Removes records that ended before `olderThan`; says how many. */
  clear(olderThan: Date): Promise<number>;
}

export function openJournal(store: Store, clock: Clock): Journal {
  const iso = (offset = 0) => new Date(clock.now().getTime() + offset).toISOString();
  const write = async (job: Job): Promise<Job> => {
    await store.put(keyOf(job.id), Buffer.from(`${JSON.stringify(job, null, 2)}\n`), {
      tag: JOB_TAG,
      contentType: 'application/json',
    });
    return job;
  };
  const read = async (id: string) => settle(await readJob(store, id), clock.now());
  const running = (job: Job): Job => ({
    ...job,
    ...UNTOUCHED,
    status: 'running',
    startedAt: iso(),
    leaseUntil: iso(LEASE_MS),
    worker: thisProcess(),
  });
  return {
    create: (job, id = newJobId(clock.now())) => write(queued(job, id, iso(), iso(QUEUE_MS))),
    begin: (job, id) => write(running(queued(job, id, iso(), iso()))),
    get: read,
    list: (filter) => list(store, filter, read),
    start: (job) => write(running(job)),
    progress: (job, progress) => write({ ...job, progress, leaseUntil: iso(LEASE_MS) }),
    succeed: (job, result) =>
      write({ ...job, status: 'succeeded', progress: DONE, result, finishedAt: iso() }),
    fail: (job, error) => write({ ...job, status: 'failed', error: errorRecord(error), finishedAt: iso() }),
    clear: (olderThan) => clear(store, olderThan),
  };
}

/** Also what a job that is tried again begins with. */
const UNTOUCHED = {
  startedAt: null,
  finishedAt: null,
  progress: null,
  error: null,
  result: null,
  worker: null,
};

function queued(job: NewJob, id: string, createdAt: string, leaseUntil: string): Job {
  return { id, ...job, status: 'queued', createdAt, leaseUntil, ...UNTOUCHED };
}

const keyOf = (id: string) => `jobs/${id}.json`;
const idOf = (key: string) => key.slice('jobs/'.length, -'.json'.length);

async function readJob(store: Store, id: string): Promise<Job> {
  if (!JOB_ID.test(id)) throw notFound(id);
  try {
    return jobSchema.parse(JSON.parse(Buffer.from((await store.get(keyOf(id))).body).toString('utf8')));
  } catch (error) {
    if (toCofreError(error).code === 'STORE_NOT_FOUND') throw notFound(id, error);
    throw error;
  }
}

function notFound(id: string, cause?: unknown): CofreError {
  return new CofreError('JOB_NOT_FOUND', `There is no job ${id}.`, {
    cause,
    hint: '`cofre jobs` shows them.',
  });
}

/** A job whose worker died shows as failed, though nobody was left to write it. */
function settle(job: Job, now: Date): Job {
  if (job.status !== 'queued' && job.status !== 'running') return job;
  const dead = job.worker !== null && liveness(job.worker) === 'dead';
  if (!dead && now.toISOString() <= job.leaseUntil) return job;
  const lost = new CofreError('WORKER_LOST', 'The worker of this job died before the job ended.', {
    hint: 'Nothing was listed or changed by halves. Start it again; see the log of the worker for the reason.',
  });
  return { ...job, status: 'failed', error: errorRecord(lost), finishedAt: job.leaseUntil };
}

async function list(
  store: Store,
  { database, status, limit }: { database?: string; status?: Job['status']; limit: number },
  read: (id: string) => Promise<Job>,
): Promise<Job[]> {
  const ids: string[] = [];
  for await (const { key } of store.list('jobs/')) if (JOB_ID.test(idOf(key))) ids.push(idOf(key));
  const found: Job[] = [];
  const newestFirst = (async function* () {
    yield* ids.reverse();
  })();
  for await (const job of mapInOrder(newestFirst, 8, (id) => read(id).catch(() => undefined))) {
    if (!job || (database && job.database !== database) || (status && job.status !== status)) continue;
    if (found.push(job) >= limit) break;
  }
  return found;
}

async function clear(store: Store, olderThan: Date): Promise<number> {
  let removed = 0;
  for await (const { key, modifiedAt } of store.list('jobs/')) {
    if (!JOB_ID.test(idOf(key)) || modifiedAt >= olderThan) continue;
    await store.delete(key);
    removed += 1;
  }
  return removed;
}
