import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RawFrame } from '../../../lib/engines/engine.ts';
import { mysqlEngine } from '../../../lib/engines/mysql/engine.ts';
import type { Damaged, EngineLab, Transfers, Unusable } from '../../contracts/engine/lab.ts';
import { type MysqlVersion, startMysql } from '../../servers/mysql/server.ts';
import { inOneStatement, OTHER, SAMPLE, TOTAL } from './contract-sample.ts';
import { databaseOf } from './dumping.ts';
import { type Eye, openEye, USER } from './eye.ts';

const BUSY_MS = 3_000;

/** A lab on a server of its own. */
export async function mysqlLab(version: MysqlVersion): Promise<EngineLab> {
  const opened = new AsyncDisposableStack();
  const server = await startMysql(version);
  opened.defer(() => server.stop());
  await server.createUser(USER, ['ALL ON *.*']);
  const eye = await openEye(server);
  opened.defer(() => eye.close());
  let names = 0;
  const name = () => `app_${++names}`;
  const urlOf = (database: string) => server.url(database, USER);
  const make = async (sample: string) => {
    const script = server.flavor === 'mysql' ? inOneStatement(sample) : sample;
    const database = name();
    await server.createDatabase(database);
    await server.sql(database, script);
    return urlOf(database);
  };
  return {
    engine: mysqlEngine({ lockSeconds: BUSY_MS / 1_000 }),
    busyMs: BUSY_MS,
    patient: mysqlEngine({ lockSeconds: 600 }),
    total: TOTAL,
    createSample: () => make(SAMPLE),
    createOther: () => make(OTHER),
    createEmpty: () => make(''),
    reserve: () => urlOf(name()),
    fingerprint: (url) => eye.fingerprint(databaseOf(url)),
    traces: (url) => eye.traces(databaseOf(url)),
    leftovers: () => eye.leftovers(),
    leftoversOfVerify: () => eye.leftovers(),
    counts: (url) => eye.counts(databaseOf(url)),
    numberOf: (url, sql) => eye.number(databaseOf(url), sql),
    execute: (url, statements) => eye.execute(databaseOf(url), statements),
    startTransfers: (url) => startTransfers(server.url(databaseOf(url))),
    lock: (url) => eye.lock(databaseOf(url)),
    sever: () => eye.sever(),
    unusable: () => unusable(eye, urlOf, () => make(SAMPLE)),
    damaged,
    foreign: () => [frameOf(Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8_000, 1)]))],
    cleanup: () => opened.disposeAsync(),
  };
}

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
  const hidden = databaseOf(await sample());
  await eye.admin("CREATE USER stranger@'%' IDENTIFIED BY 'x'");
  await eye.admin(`GRANT SELECT ON ${hidden}.accounts TO stranger@'%'`);
  const asStranger = (database: string) =>
    Object.assign(new URL(urlOf(database)), { username: 'stranger', password: 'x' }).href;
  const cases = {
    'nothing there': ['SOURCE_NOT_FOUND', urlOf('nowhere')],
    'no server': ['SOURCE_FAILED', change({ port: '1' })],
    'no MySQL server': ['SOURCE_FAILED', change({ port: String(eye.strangerPort) })],
    'no such user': ['SOURCE_FAILED', change({ username: 'nobody_here' })],
    'a wrong password': ['SOURCE_FAILED', change({ password: 'wrong' })],
    'tables that may not be read': ['SOURCE_FAILED', asStranger(hidden)],
  } as const;
  return Object.entries(cases).map(([title, [code, url]]) => ({ title, code, url }));
}

function damaged(frames: readonly RawFrame[]): Damaged[] {
  const rows = frames.findIndex((frame) => frame.table === 'notes');
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
    { title: 'bytes are overwritten', frames: changed(rows, (bytes) => bytes.fill(0xff, 0, 100)) },
    {
      title: 'a row has lost a value',
      frames: changed(rows, (bytes) =>
        Buffer.from(bytes.toString('latin1').replace(/,'calm'\)/, ')'), 'latin1'),
      ),
    },
  ];
}

function frameOf(bytes: Uint8Array): RawFrame {
  return { section: 'data', rows: 0, bytes };
}
