import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RawFrame } from '../../../lib/engines/engine.ts';
import { postgresEngine } from '../../../lib/engines/postgres/engine.ts';
import type { Damaged, EngineLab, Transfers, Unusable } from '../../contracts/engine/lab.ts';
import { type PostgresVersion, startPostgres } from '../../servers/postgres/server.ts';
import { judge } from '../../servers/postgres/tools.ts';
import { OTHER, SAMPLE, TOTAL } from './contract-sample.ts';
import { type Eye, openEye } from './eye.ts';
import { halfOpenProxy } from './half-open-proxy.ts';

const BUSY_MS = 3_000;

/** A lab on a server of its own, behind a network that hides it when a client is killed. */
export async function postgresLab(version: PostgresVersion): Promise<EngineLab> {
  const opened = new AsyncDisposableStack();
  const server = await startPostgres(version);
  opened.defer(() => server.stop());
  const proxy = await halfOpenProxy(server.port);
  opened.defer(() => proxy.close());
  const eye = await openEye(server, await judge(version));
  opened.defer(() => eye.close());
  let names = 0;
  const name = () => `app_${++names}`;
  const urlOf = (database: string) => {
    const url = new URL(server.url(database));
    url.port = String(proxy.port);
    url.searchParams.set('sslmode', 'disable');
    return url.href;
  };
  const make = async (template: string) => {
    const database = name();
    await eye.admin(`CREATE DATABASE ${database} TEMPLATE ${template}`);
    return urlOf(database);
  };
  await eye.admin('CREATE DATABASE sample');
  await eye.execute('sample', SAMPLE);
  await eye.admin('CREATE DATABASE other');
  await eye.execute('other', OTHER);
  return {
    engine: postgresEngine({ lockSeconds: BUSY_MS / 1_000 }),
    busyMs: BUSY_MS,
    patient: postgresEngine({ lockSeconds: 600 }),
    total: TOTAL,
    createSample: () => make('sample'),
    createOther: () => make('other'),
    createEmpty: () => make('template0'),
    reserve: () => urlOf(name()),
    fingerprint: (url) => eye.fingerprint(databaseOf(url)),
    traces: (url) => eye.traces(databaseOf(url)),
    leftovers: () => eye.leftovers(),
    leftoversOfVerify: () => eye.leftovers(),
    counts: (url) => eye.counts(databaseOf(url)),
    numberOf: (url, sql) => eye.number(databaseOf(url), sql),
    execute: (url, statements) => eye.execute(databaseOf(url), statements.join(';')),
    startTransfers: (url) => startTransfers(server.url(databaseOf(url))),
    lock: (url) => eye.lock(databaseOf(url)),
    sever: () => eye.sever(),
    unusable: () => unusable(eye, urlOf, () => make('sample')),
    damaged,
    foreign: () => [frameOf(Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8_000, 1)]))],
    cleanup: () => opened.disposeAsync(),
  };
}

const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

async function startTransfers(url: string): Promise<Transfers> {
  const script = fileURLToPath(new URL('./transfers-process.ts', import.meta.url));
  const child = fork(script, [url], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let count = 0;
  const errors: string[] = [];
  child.on('message', (done) => {
    count = Number(done);
  });
  child.stderr?.on('data', (chunk) => errors.push(String(chunk)));
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  while (count === 0 && child.exitCode === null) await sleep(5);
  return {
    count: async () => count,
    stop: async () => {
      send(child, 'stop');
      await ended;
      if (child.exitCode !== 0) errors.push(`exit ${child.exitCode}`);
      return errors;
    },
  };
}

function send(child: ChildProcess, message: string): void {
  if (child.connected) child.send(message);
}

async function unusable(
  eye: Eye,
  urlOf: (database: string) => string,
  sample: () => Promise<string>,
): Promise<Unusable[]> {
  const good = await sample();
  const change = (part: Partial<Pick<URL, 'port' | 'username' | 'password'>>) =>
    Object.assign(new URL(good), part).href;
  await eye.admin("CREATE ROLE stranger LOGIN PASSWORD 'x'");
  const hidden = databaseOf(await sample());
  await eye.execute(hidden, 'CREATE TABLE hidden AS SELECT 1 AS one');
  const ruled = databaseOf(await sample());
  await eye.execute(
    ruled,
    'ALTER TABLE notes ENABLE ROW LEVEL SECURITY; GRANT SELECT ON ALL TABLES IN SCHEMA public TO stranger; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO stranger',
  );
  const asStranger = (database: string) =>
    Object.assign(new URL(urlOf(database)), { username: 'stranger', password: 'x' }).href;
  const cases = {
    'nothing there': ['SOURCE_NOT_FOUND', urlOf('nowhere')],
    'no server': ['SOURCE_FAILED', change({ port: '1' })],
    'no PostgreSQL server': ['SOURCE_FAILED', change({ port: String(eye.strangerPort) })],
    'no such role': ['SOURCE_FAILED', change({ username: 'nobody_here' })],
    'a wrong password': ['SOURCE_FAILED', change({ password: 'wrong' })],
    'a table that may not be read': ['SOURCE_FAILED', asStranger(hidden)],
    'rows that a policy would hide': ['SOURCE_FAILED', asStranger(ruled)],
  } as const;
  return Object.entries(cases).map(([title, [code, url]]) => ({ title, code, url }));
}

function damaged(frames: readonly RawFrame[]): Damaged[] {
  const rows = frames.findIndex((frame) => frame.table === 'public.notes');
  const changed = (index: number, change: (bytes: Buffer) => Uint8Array) =>
    frames.map((frame, n) =>
      n === index ? { ...frame, bytes: change(Buffer.from(Uint8Array.from(frame.bytes))) } : frame,
    );
  return [
    { title: 'no frame', frames: [] },
    { title: 'the last frame is missing', frames: frames.slice(0, -1) },
    { title: 'rows of a table are missing', frames: frames.toSpliced(rows, 1) },
    { title: 'a frame of rows is cut', frames: changed(rows, (bytes) => bytes.subarray(0, -500)) },
    { title: 'a statement is cut', frames: changed(0, (bytes) => bytes.subarray(0, -100)) },
    { title: 'bytes are overwritten', frames: changed(rows, (bytes) => bytes.fill(0xff, 4_000, 4_100)) },
    {
      title: 'a row has lost a column',
      frames: changed(rows, (bytes) =>
        bytes.fill(' ', bytes.indexOf('\t', 2_000), bytes.indexOf('\t', 2_000) + 1),
      ),
    },
  ];
}

function frameOf(bytes: Uint8Array): RawFrame {
  return { section: 'data', rows: 0, bytes };
}
