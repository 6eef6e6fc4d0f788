import type { Clock } from '../clock.ts';
import { CofreError, toCofreError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import { type Job, type NewJob, newJobId, type Progress } from './job.ts';
import type { Journal } from './journal.ts';
import { acquireLease, duplicate, LEASE_MS, type Lease } from './lease.ts';
import { type Figures, type ProgressUpdate, trackProgress } from './progress.ts';

/** How often a running job renews its lease, ms. */
const BEAT_MS = 10_000;
/** A job's record is written at most so often, ms. */
const WRITE_MS = 2_000;

export interface JobDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface JobOptions {
  /** Takes the database's lease: one such job at a time. */
  readonly exclusive: boolean;
  /** Ends the job from outside: a signal of the system, or a Lambda's time running out. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** What whoever follows the job should know by now, such as that it will not fit into its time. */
  readonly advise?: (figures: Figures) => string | null;
}

/** What the work of a job gets. */
export interface JobContext {
  readonly job: Job;
  readonly signal: AbortSignal;
  readonly report: (update: ProgressUpdate) => void;
  /** To be awaited right before a change that others would see. @throws {CofreError} `LEASE_LOST` */
  readonly fence: () => Promise<void>;
}

/**
 * Runs `work` as a job: with the database's lease when exclusive, its record written at most every 2 s, and its end
 * written whatever happens. `wanted` is a job that has a record, or a new one, of which no record is made when the
 * database is busy. Rethrows what `work` throws.
 * @throws {CofreError} `BUSY`; `DUPLICATE` when another worker has the job of that record, or had it
 */
export async function runJob<T extends object>(
  deps: JobDeps,
  wanted: NewJob | Job,
  options: JobOptions,
  work: (context: JobContext) => Promise<T>,
): Promise<T> {
  const queued = 'id' in wanted ? wanted : undefined;
  const id = queued?.id ?? newJobId(deps.clock.now());
  const lease = options.exclusive ? await take(deps, wanted, id, queued) : undefined;
  const release = releaseOnce(deps, lease);
  try {
    if (queued) await requireUnchanged(deps, queued);
    const job = await (queued ? deps.journal.start(queued) : deps.journal.begin(wanted as NewJob, id));
    return await watch(deps, job, { lease, release }, options, work);
  } finally {
    await release();
  }
}

/** Whoever had the lease before may have been a worker of the same job, delivered twice. */
async function requireUnchanged({ journal }: JobDeps, { id, status }: Job): Promise<void> {
  if ((await journal.get(id)).status !== status) throw duplicate(id);
}

/** A lease that cannot be released runs out; the job's own end is what counts. */
function releaseOnce({ logger }: JobDeps, lease: Lease | undefined): () => Promise<void> {
  let released: Promise<void> | undefined;
  return () => {
    released ??= (lease?.release() ?? Promise.resolve()).catch((error) =>
      logger.warn('The lease could not be released.', { error: String(error) }),
    );
    return released;
  };
}

async function take(
  { store, journal, clock }: JobDeps,
  wanted: NewJob | Job,
  id: string,
  queued?: Job,
): Promise<Lease> {
  const { kind, actor, database } = wanted;
  try {
    return await acquireLease(store, database, { jobId: id, kind, actor }, clock);
  } catch (error) {
    if (queued && toCofreError(error).code !== 'DUPLICATE') await journal.fail(queued, error);
    throw error;
  }
}

async function watch<T extends object>(
  deps: JobDeps,
  job: Job,
  { lease, release }: { readonly lease: Lease | undefined; readonly release: () => Promise<void> },
  options: JobOptions,
  work: (context: JobContext) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const record = recorder(deps, job);
  const stopBeat = beat(deps, lease, record.refresh, lost);
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const tracker = trackProgress(deps.clock, (figures) => {
    const progress = { ...figures, note: options.advise?.(figures) ?? null };
    record.update(progress);
    options.onProgress?.(progress);
  });
  // Released before the end is told: whoever waits for it may start the next job at once.
  const end = async () => {
    stopBeat();
    await record.close();
    await release();
  };
  try {
    const fence = async () => await lease?.renew();
    const result = await work({ job, signal, report: tracker, fence });
    await end();
    await deps.journal.succeed(record.current(), { ...result } as Record<string, unknown>);
    return result;
  } catch (error) {
    const reason = signal.aborted ? abortReason(signal.reason) : error;
    await end();
    await deps.journal.fail(record.current(), reason).catch(() => {});
    throw reason;
  }
}

/** An abort reason that is ours says more than the error it led to. */
function abortReason(reason: unknown): unknown {
  return reason instanceof CofreError ? reason : toCofreError(reason);
}

/** Writes a job's progress: at most one write under way, at most one every `WRITE_MS`, never after `close`. */
function recorder({ journal, clock, logger }: JobDeps, job: Job) {
  let current = job;
  let writtenAt = 0;
  let underWay: Promise<void> | undefined;
  let closed = false;
  const write = (progress: Progress) => {
    if (underWay || closed) return;
    writtenAt = clock.now().getTime();
    underWay = journal
      .progress(current, progress)
      .catch((error) => logger.warn('The progress of a job could not be written.', { error: String(error) }))
      .then(() => {
        underWay = undefined;
      });
  };
  return {
    current: () => current,
    update: (progress: Progress) => {
      const turned = progress.phase !== current.progress?.phase;
      current = { ...current, progress };
      if (turned || clock.now().getTime() - writtenAt >= WRITE_MS) write(progress);
    },
    refresh: () => current.progress && write(current.progress),
    close: async () => {
      closed = true;
      await underWay;
    },
  };
}

/** Renews the lease until stopped. Fires `lost` when somebody else has it, or when it ran out unrenewed. */
function beat(
  { clock, logger }: JobDeps,
  lease: Lease | undefined,
  refresh: () => void,
  lost: AbortController,
): () => void {
  let renewedAt = clock.now().getTime();
  const timer = setInterval(async () => {
    refresh();
    try {
      await lease?.renew();
      renewedAt = clock.now().getTime();
    } catch (error) {
      logger.warn('The lease could not be renewed.', { error: String(error) });
      const late = clock.now().getTime() - renewedAt > LEASE_MS;
      if (late || toCofreError(error).code === 'LEASE_LOST') lost.abort(error);
    }
  }, BEAT_MS);
  return () => clearInterval(timer);
}
