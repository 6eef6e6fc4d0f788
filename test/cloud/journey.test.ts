import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { s3Store } from '../../lib/store/s3.ts';
import { sentMails } from '../servers/mail.ts';
import { type Deployed, deployed, makeRunFolder } from './deployed.ts';
import { type Api, openApi } from './http.ts';
import { mysqlSource } from './sources/mysql.ts';
import { type PostgresSource, postgresSource } from './sources/postgres.ts';
import type { Source } from './sources/source.ts';
import { sqliteSource } from './sources/sqlite.ts';
import { stepLog } from './steps.ts';
import { until } from './until.ts';

/** How long the emulator waits before each of two more tries. */
const RETRY_MS = 32_000;

const steps = stepLog('End to end on MiniStack');
const opened = new AsyncDisposableStack();
let cloud: Deployed;
let sources: Record<string, Source>;
let shop: PostgresSource;
let admin: Api;

beforeAll(async () => {
  const { path } = opened.use(makeRunFolder());
  const [helpdesk, postgres, mysql, mariadb] = await steps.step('databases', () =>
    Promise.all([
      sqliteSource(path),
      postgresSource(),
      mysqlSource('mysql', 'wiki'),
      mysqlSource('mariadb', 'forum'),
    ]),
  );
  for (const source of [postgres, mysql, mariadb]) opened.use(source);
  shop = postgres;
  sources = { sqlite: helpdesk, postgres, mysql, mariadb };
  // Fires by itself while the others are at work.
  const clock = join(path, 'clock.sqlite3');
  using database = new DatabaseSync(clock);
  database.exec('CREATE TABLE ticks (at TEXT); INSERT INTO ticks VALUES (datetime())');
  await postgres.server.createDatabase('held');
  await postgres.server.sql('held', 'CREATE TABLE notes AS SELECT 1 AS id');
  const databases = {
    clock: { url: `sqlite:${clock}`, schedule: 'rate(1 minute)', email: true },
    held: { ...postgres.entry, database: 'held' },
    broken: { ...postgres.entry, port: 1, email: true },
    twin: { url: `sqlite:${clock}` },
  };
  cloud = opened.use(await deployed(path, { sources: Object.values(sources), databases, steps }));
  admin = await steps.step('sign in', () => cloud.signIn('maria@example.com', ['admin']));
});
afterAll(async () => {
  steps.print();
  await opened.disposeAsync();
});

describe.concurrent('deployed', () => {
  test.each(['sqlite', 'postgres', 'mysql', 'mariadb'])(
    '%s is backed up, downloaded, damaged, restored and pruned',
    async (system) => {
      const source = sources[system]!;
      const before = await source.fingerprint();
      const told = (what: string) => `${system}: ${what}`;

      const made = await steps.step(told('backup'), () => admin.run('backups', { database: source.name }));
      expect(made.error).toBeNull();
      expect(made).toMatchObject({ status: 'succeeded', actor: 'user:maria@example.com', trigger: 'manual' });
      const { backups } = await steps.step(told('list'), () => admin.get(`backups?database=${source.name}`));
      expect(backups).toMatchObject([{ id: made.result.id, engine: source.engine, held: true }]);

      const bytes = await steps.step(told('download'), () => download(made.result.id));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(backups[0].sha256);

      await source.damage();
      expect(await source.fingerprint()).not.toBe(before);
      const restore = { database: source.name, confirm: source.name, backup: made.result.id };
      const restored = await steps.step(told('restore'), () => admin.run('restores', restore));
      expect(restored.error).toBeNull();
      expect(restored).toMatchObject({ status: 'succeeded', result: { rows: made.result.rows } });
      expect(await source.fingerprint()).toBe(before);
      // What was damaged was backed up first.
      expect(restored.result.safetyBackup).toMatch(/^\w+-\d{8}-\d{6}$/);

      await steps.step(told('prune'), async () => {
        await admin.run('backups', { database: source.name });
        const prune = { database: source.name, keepLast: 1 };
        const { status, body } = await admin.ask('POST', 'prune', { body: prune });
        expect([status, body.removed, body.warnings]).toEqual([200, 2, []]);
        expect((await admin.get(`backups?database=${source.name}`)).backups).toHaveLength(1);
      });
    },
  );

  test('a schedule fires by itself, and its backup is mailed', async () => {
    const scheduled = () => steps.step('schedule: fires, backs up, mails', firstScheduled);
    const [job] = await scheduled();
    expect(job).toMatchObject({ status: 'succeeded', trigger: 'schedule', actor: 'schedule', error: null });
    expect(job.id).toMatch(/^\d{8}T\d{6}-[0-9a-f]{8}$/);
    const [mail] = await mailsWith('clock');
    expect(mail).toMatchObject({ from: 'backups@example.com' });
    expect(mail!.text).toContain(job.result.id);
    expect(mail!.text).toContain(cloud.outputs['PageUrl']);
  });

  test('an event that is delivered twice makes one backup', async () => {
    const invoke = () => deliver('twin', 'delivered-twice');
    await steps.step('duplicate: one backup', async () => {
      await Promise.all([invoke(), invoke()]);
      const jobs = async () => (await admin.get('jobs?database=twin')).jobs;
      const [job] = await until('end', jobs, ([it]) => it?.status === 'succeeded');
      await invoke();
      await sleep(2_000);
      expect((await admin.get('backups?database=twin')).backups).toMatchObject([{ id: job.result.id }]);
      expect(await jobs()).toHaveLength(1);
    });
  });

  test('a scheduled backup that fails is tried twice more, then the failure is mailed', async () => {
    const began = performance.now();
    const [mail] = await steps.step('failing: tried three times, mailed', async () => {
      await deliver('broken', 'fails');
      return await mailsWith('broken');
    });
    expect(mail!.text).toContain('SOURCE_FAILED');
    expect(performance.now() - began).toBeGreaterThan(2 * RETRY_MS);
    const { jobs } = await admin.get('jobs?database=broken');
    expect(jobs).toMatchObject([{ status: 'failed', trigger: 'schedule' }]);
  });

  test('a killed function ends as a failed job, nothing is listed, and the failure is mailed', async () => {
    const letGo = await holdNotes();
    const { body } = await admin.ask('POST', 'backups', { body: { database: 'held', email: true } });
    await steps.step('killed: start, kill', async () => {
      await until(
        'start',
        () => admin.get(`jobs/${body.job.id}`),
        (it) => it.status === 'running',
      );
      process.kill(await workerOf(body.job.id), 'SIGKILL');
    });
    await letGo();
    const ended = await steps.step('killed: failed once its lease is over', () => admin.follow(body.job.id));
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'WORKER_LOST' } });
    expect((await admin.get('backups?database=held')).backups).toEqual([]);
    const [mail] = await mailsWith('held');
    expect(mail!.text).toContain('WORKER_LOST');
  });

  test('who may not is refused: no token, a wrong one, a viewer, a foreign page, an old link', async () => {
    await steps.step('refusals', async () => {
      const url = cloud.outputs['ApiUrl']!;
      const token = await cloud.token('maria@example.com');
      expect(await openApi(url).ask('GET', 'backups')).toMatchObject({ status: 401 });
      expect(await openApi(url, 'not.a.token').ask('GET', 'backups')).toMatchObject({ status: 401 });
      expect(await openApi(url, `${token.slice(0, -4)}AAAA`).ask('GET', 'backups')).toMatchObject({
        status: 401,
      });
      const viewer = await cloud.signIn('victor@example.com', ['viewer']);
      expect(await viewer.ask('GET', 'backups')).toMatchObject({ status: 200 });
      const start = { body: { database: 'helpdesk' } };
      expect(await viewer.ask('POST', 'backups', start)).toMatchObject({ status: 403 });
      const foreign = { headers: { origin: 'https://evil.example' } };
      expect(await admin.ask('GET', 'backups', foreign)).toMatchObject({ status: 403 });
      expect(await statusOfOldLink()).toBe(403);
    });
  });
});

async function mailsWith(subject: string) {
  const found = async () => (await sentMails(cloud.server)).filter((it) => it.subject.includes(subject));
  return await until(`mail on ${subject}`, found, (it) => it.length > 0);
}

/** Has somebody lock a table of `held`, so that its backup waits; gives what ends that. */
async function holdNotes(): Promise<() => Promise<void>> {
  const sql = (script: string) => shop.server.sql('held', script);
  const holding = sql('BEGIN; LOCK notes; SELECT pg_sleep(3600)').catch(() => {});
  const held = "SELECT count(*) FROM pg_locks WHERE relation = 'notes'::regclass AND granted";
  await until(
    'lock',
    () => sql(held),
    (it) => it !== '0\n',
  );
  return async () => {
    await sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()",
    );
    await holding;
  };
}

/** What a rule does when a schedule fires. */
async function deliver(database: string, id: string): Promise<void> {
  const occurrence = { id, time: '2026-11-26T02:00:00Z' };
  const event = { database, trigger: 'schedule', actor: 'schedule', occurrence };
  const Payload = Buffer.from(JSON.stringify(event));
  const FunctionName = cloud.outputs['BackupFunction']!;
  await cloud.clients.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
}

/** A link that was good for a second. */
async function statusOfOldLink(): Promise<number> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(cloud.outputs['Store']!)!;
  const store = s3Store({ bucket: bucket!, prefix: prefix!, client: cloud.clients.s3 });
  await store.put('clock/link-test', Buffer.from('old'));
  const linkFor = (expiresIn: number) => store.downloadUrl('clock/link-test', { expiresIn, fileName: 'old' });
  expect((await fetch(await linkFor(600))).status).toBe(200);
  const link = await linkFor(1);
  await sleep(3_000);
  return (await fetch(link)).status;
}

async function firstScheduled() {
  const query = 'jobs?database=clock&status=succeeded';
  const jobs = async () => (await admin.get(query)).jobs;
  return await until('scheduled backup', jobs, (it) => it.length > 0);
}

/** The process that has a job, as its record tells; the API does not. */
async function workerOf(job: string): Promise<number> {
  const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(cloud.outputs['Store']!)!;
  const { Body } = await cloud.clients.s3.send(
    new GetObjectCommand({ Bucket, Key: `${prefix}/jobs/${job}.json` }),
  );
  return JSON.parse(await Body!.transformToString()).worker.pid;
}

async function download(id: string): Promise<Buffer> {
  const { url } = await admin.get(`backups/${id}/download-url?form=stored`);
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
