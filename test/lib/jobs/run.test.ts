import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CofreError } from '../../../lib/errors.ts';
import { openJournal } from '../../../lib/jobs/journal.ts';
import { acquireLease, LEASE_MS } from '../../../lib/jobs/lease.ts';
import { type JobDeps, runJob } from '../../../lib/jobs/run.ts';
import { directoryStore } from '../../../lib/store/directory.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { makeWorkspace, silent, type Workspace } from '../../support/workspace.ts';

let workspace: Workspace;
let clock: FakeClock;
let deps: JobDeps;

beforeEach(() => {
  workspace = makeWorkspace();
  clock = fakeClock('2026-11-23T12:00:00Z');
  const store = directoryStore(workspace.path('store'));
  deps = { store, journal: openJournal(store, clock), clock, logger: silent };
});
afterEach(() => {
  vi.useRealTimers();
  workspace.remove();
});

const wanted = { kind: 'backup', database: 'shop', trigger: 'manual', actor: 'ana' } as const;
const never = new AbortController().signal;
const exclusive = { exclusive: true, signal: never };
const onlyJob = async () => (await deps.journal.list({ limit: 10 }))[0]!;
const take = (jobId = 'other') =>
  acquireLease(deps.store, 'shop', { jobId, kind: 'restore', actor: 'bob' }, clock);

test('what the work returns is the result, and the job and the lease have ended', async () => {
  expect(await runJob(deps, wanted, exclusive, async () => ({ rows: 3 }))).toEqual({ rows: 3 });
  expect(await onlyJob()).toMatchObject({ status: 'succeeded', result: { rows: 3 } });
  await take();
});

test('what the work throws is thrown, kept in the job, and the lease is free', async () => {
  const failure = new CofreError('SOURCE_DAMAGED', 'It is damaged.', { hint: 'Keep it.' });
  await expect(runJob(deps, wanted, exclusive, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await onlyJob()).toMatchObject({ status: 'failed', error: { code: 'SOURCE_DAMAGED' } });
  await take();
});

test('a busy database gets no record of a new job, and a queued job fails as BUSY', async () => {
  await take();
  const work = vi.fn(async () => ({}));
  await expect(runJob(deps, wanted, exclusive, work)).rejects.toMatchObject({ code: 'BUSY' });
  expect(await deps.journal.list({ limit: 10 })).toEqual([]);
  const queued = await deps.journal.create(wanted);
  await expect(runJob(deps, queued, exclusive, work)).rejects.toMatchObject({ code: 'BUSY' });
  expect(await onlyJob()).toMatchObject({ id: queued.id, status: 'failed', error: { code: 'BUSY' } });
  expect(work).not.toHaveBeenCalled();
});

test('a job that needs no lease runs beside another', async () => {
  await take();
  expect(await runJob(deps, wanted, { exclusive: false, signal: never }, async () => ({ ok: true }))).toEqual(
    {
      ok: true,
    },
  );
});

test('an abort from outside ends the job with its own reason', async () => {
  const abort = new AbortController();
  const reason = new CofreError('ABORTED', 'Interrupted by SIGINT.', { hint: 'Nothing was changed.' });
  const run = runJob(deps, wanted, { exclusive: true, signal: abort.signal }, async ({ signal }) => {
    abort.abort(reason);
    signal.throwIfAborted();
    return {};
  });
  await expect(run).rejects.toBe(reason);
  expect(await onlyJob()).toMatchObject({ status: 'failed', error: { message: 'Interrupted by SIGINT.' } });
});

test('the fence lets through who has the lease, and stops who lost it', async () => {
  await runJob(deps, wanted, exclusive, async ({ fence }) => {
    await fence();
    return {};
  });
  let passed = false;
  const late = runJob(deps, wanted, exclusive, async ({ fence }) => {
    clock.advance(LEASE_MS);
    await take();
    await fence();
    passed = true;
    return {};
  });
  await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST', hint: expect.any(String) });
  expect(passed).toBe(false);
  await expect(take('another')).rejects.toMatchObject({ code: 'BUSY' });
});

test('progress is kept: each new phase at once, else at most every two seconds, and never after the end', async () => {
  const written: string[] = [];
  const { journal } = deps;
  const watched = {
    ...journal,
    progress: (...args: Parameters<typeof journal.progress>) => {
      written.push(`${args[1].phase} ${args[1].bytes}`);
      return journal.progress(...args);
    },
  };
  await runJob({ ...deps, journal: watched }, wanted, exclusive, async ({ report }) => {
    for (let bytes = 1; bytes <= 50; bytes += 1) {
      report({ phase: 'dump', bytes });
      clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    report({ phase: 'check' });
    return {};
  });
  expect(written[0]).toBe('dump 1');
  expect(written.length).toBeGreaterThanOrEqual(2);
  // 5 s of clock: at the start, after 2 s, after 4 s, and the new phase.
  expect(written.length).toBeLessThanOrEqual(4);
  expect(await onlyJob()).toMatchObject({ status: 'succeeded', progress: { phase: 'done' } });
});

test('a lease that somebody else has by now ends the work at the next beat', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const run = runJob(deps, wanted, exclusive, async ({ signal }) => {
    clock.advance(LEASE_MS);
    await take();
    vi.advanceTimersByTime(10_000);
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return {};
  });
  await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST' });
});

test('the beat renews the lease, so that long work keeps it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await runJob(deps, wanted, exclusive, async ({ fence }) => {
    for (let beat = 0; beat < 6; beat += 1) {
      clock.advance(10_000);
      vi.advanceTimersByTime(10_000);
      await fence(); // waits its turn behind the beat
      await expect(take()).rejects.toMatchObject({ code: 'BUSY' });
    }
    return {};
  });
});

test('a job that is delivered twice runs once: beside its first worker, and after it', async () => {
  const queued = await deps.journal.create(wanted);
  const work = vi.fn(async () => ({ rows: 1 }));
  const again = () => runJob(deps, queued, exclusive, work);
  await runJob(deps, queued, exclusive, async () => {
    await expect(again()).rejects.toMatchObject({ code: 'DUPLICATE' });
    return { rows: 3 };
  });
  await expect(again()).rejects.toMatchObject({ code: 'DUPLICATE' });
  expect(work).not.toHaveBeenCalled();
  expect(await onlyJob()).toMatchObject({ status: 'succeeded', result: { rows: 3 } });
  await take();
});

test('a failed job may be tried again: its record begins anew', async () => {
  const queued = await deps.journal.create(wanted);
  const failure = new CofreError('STORE_UNAVAILABLE', 'No answer.');
  await expect(runJob(deps, queued, exclusive, () => Promise.reject(failure))).rejects.toBe(failure);
  const failed = await onlyJob();
  await runJob(deps, failed, exclusive, async () => {
    expect(await onlyJob()).toMatchObject({
      id: queued.id,
      status: 'running',
      error: null,
      finishedAt: null,
    });
    return { rows: 3 };
  });
  expect(await onlyJob()).toMatchObject({ id: queued.id, status: 'succeeded', error: null });
});

test('advice on the figures stands in the record, for whoever follows the job', async () => {
  const advise = ({ bytes }: { bytes: number | null }) => (bytes === 2 ? 'It will not fit.' : null);
  await runJob(deps, wanted, { ...exclusive, advise }, async ({ report }) => {
    report({ phase: 'dump', bytes: 1 });
    await expect.poll(onlyJob).toMatchObject({ progress: { phase: 'dump', note: null } });
    report({ phase: 'check', bytes: 2 });
    await expect.poll(onlyJob).toMatchObject({ progress: { phase: 'check', note: 'It will not fit.' } });
    return {};
  });
});
