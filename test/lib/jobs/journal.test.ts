import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CofreError } from '../../../lib/errors.ts';
import { type Job, newJobId } from '../../../lib/jobs/job.ts';
import { type Journal, openJournal } from '../../../lib/jobs/journal.ts';
import { thisProcess } from '../../../lib/process.ts';
import { directoryStore } from '../../../lib/store/directory.ts';
import type { Store } from '../../../lib/store/store.ts';
import { DAY_MS, type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { makeWorkspace, type Workspace } from '../../support/workspace.ts';

let workspace: Workspace;
let store: Store;
let clock: FakeClock;
let journal: Journal;

beforeEach(() => {
  workspace = makeWorkspace();
  store = directoryStore(workspace.path('store'));
  clock = fakeClock('2026-11-23T12:00:00Z');
  journal = openJournal(store, clock);
});
afterEach(() => workspace.remove());

const wanted = { kind: 'backup', database: 'shop', trigger: 'manual', actor: 'ana' } as const;
const progress = {
  phase: 'dump',
  table: null,
  rows: 5,
  bytes: 10,
  totalBytes: 20,
  secondsLeft: 1,
  note: 'Slow.',
} as const;
const workerLost = { status: 'failed', error: { code: 'WORKER_LOST', hint: expect.any(String) } };

test('a job goes from queued through running to its end, and is read back as it is', async () => {
  const queued = await journal.create(wanted);
  expect(await journal.get(queued.id)).toMatchObject({ ...wanted, status: 'queued', startedAt: null });
  clock.advance(1_000);
  const running = await journal.start(queued);
  expect(running).toMatchObject({
    status: 'running',
    startedAt: '2026-11-23T12:00:01.000Z',
    worker: thisProcess(),
  });
  const further = await journal.progress(running, progress);
  expect(await journal.get(queued.id)).toMatchObject({ status: 'running', progress });
  const done = await journal.succeed(further, { id: 'x', rows: 5 });
  expect(await journal.get(queued.id)).toEqual(done);
  expect(done).toMatchObject({ status: 'succeeded', result: { id: 'x', rows: 5 }, error: null });
});

test('a failure is kept with code, message and hint, and no stack', async () => {
  const job = await journal.begin(wanted, newJobId(clock.now()));
  const error = new CofreError('SOURCE_BUSY', 'It is locked.', { hint: 'Wait.' });
  await journal.fail(job, error);
  const told = { code: 'SOURCE_BUSY', message: 'It is locked.', hint: 'Wait.' };
  expect((await journal.get(job.id)).error).toEqual(told);
  await journal.fail(job, new Error('a surprise'));
  expect((await journal.get(job.id)).error).toEqual({ code: 'INTERNAL', message: 'a surprise', hint: null });
});

test('a running job whose record was not written for 30 s shows as WORKER_LOST, and lives again when written', async () => {
  const job = await journal.begin(wanted, newJobId(clock.now()));
  clock.advance(30_000);
  expect((await journal.get(job.id)).status).toBe('running');
  clock.advance(1);
  expect(await journal.get(job.id)).toMatchObject(workerLost);
  await journal.progress(job, progress);
  expect((await journal.get(job.id)).status).toBe('running');
});

test('a job of a dead process of this host shows as WORKER_LOST at once', async () => {
  const job = await journal.begin(wanted, newJobId(clock.now()));
  const dead = Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString());
  await put({ ...job, worker: { ...thisProcess(), pid: dead } });
  expect(await journal.get(job.id)).toMatchObject(workerLost);
  expect(await journal.list({ status: 'failed', limit: 10 })).toHaveLength(1);
  expect(await journal.list({ status: 'running', limit: 10 })).toEqual([]);
});

test('a job of another host is believed until its lease is over', async () => {
  const job = await journal.begin(wanted, newJobId(clock.now()));
  await put({ ...job, worker: { host: '0123456789ab', pid: 1, started: '1' } });
  expect((await journal.get(job.id)).status).toBe('running');
  clock.advance(30_001);
  expect(await journal.get(job.id)).toMatchObject(workerLost);
});

test('a queued job that no worker takes for two minutes shows as WORKER_LOST', async () => {
  const job = await journal.create(wanted);
  clock.advance(120_000);
  expect((await journal.get(job.id)).status).toBe('queued');
  clock.advance(1);
  expect(await journal.get(job.id)).toMatchObject(workerLost);
});

const put = (job: Job) => store.put(`jobs/${job.id}.json`, Buffer.from(JSON.stringify(job)));

test('jobs are listed newest first, by database, by status, and no more than asked for', async () => {
  for (let second = 0; second < 30; second += 1) {
    const job = await journal.create({ ...wanted, database: second % 2 ? 'shop' : 'blog' });
    if (second % 3 === 0) await journal.succeed(job, {});
    clock.advance(1_000);
  }
  const all = await journal.list({ limit: 100 });
  expect(all).toHaveLength(30);
  expect(all.map((it) => it.createdAt)).toEqual(
    all
      .map((it) => it.createdAt)
      .sort()
      .reverse(),
  );
  expect((await journal.list({ limit: 7 })).map((it) => it.id)).toEqual(all.slice(0, 7).map((it) => it.id));
  const done = await journal.list({ database: 'blog', status: 'succeeded', limit: 100 });
  expect(done).toEqual(all.filter((it) => it.database === 'blog' && it.status === 'succeeded'));
  expect(done).toHaveLength(5);
});

test('one unreadable record does not hide the others', async () => {
  const job = await journal.create(wanted);
  await store.put('jobs/20261123T120000-00000000.json', Buffer.from('{"id":'));
  await store.put('jobs/notes.txt', Buffer.from('not a job'));
  expect((await journal.list({ limit: 10 })).map((it) => it.id)).toEqual([job.id]);
});

test('what is no job is JOB_NOT_FOUND, and no way out of the folder', async () => {
  for (const id of ['20261123T120000-ffffffff', '', '../locks/shop', 'x']) {
    await expect(journal.get(id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND', hint: expect.any(String) });
  }
});

test('old records are cleared, young ones and strangers stay', async () => {
  const job = await journal.create(wanted);
  await store.put('jobs/notes.txt', Buffer.from('not a job'));
  const now = Date.now();
  expect(await journal.clear(new Date(now - DAY_MS))).toBe(0);
  expect(await journal.clear(new Date(now + DAY_MS))).toBe(1);
  await expect(journal.get(job.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  expect(await store.head('jobs/notes.txt')).toBeDefined();
  expect(await store.getTag(`jobs/${(await journal.create(wanted)).id}.json`)).toBe('job');
});
