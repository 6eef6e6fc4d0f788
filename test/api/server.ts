import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Desk, eventually, MAIN, openDesk } from '../cli/cli.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { expectDescribed } from './description.ts';
import { type Answer, exchange, type Sent } from './exchange.ts';

// biome-ignore lint/suspicious/noExplicitAny: each operation answers its own object; the tests look into it
export type Json = any;

export interface Reply extends Answer {
  readonly json: Json;
}

/** The local server as `cofre serve` runs it, on a desk of its own and a free port. */
export interface TestServer extends AsyncDisposable {
  readonly desk: Desk;
  readonly port: number;
  /** Everything that it has logged. */
  log(): string;
  /** A request whose answer must be described; `json` in it is the body. */
  call(method: string, path: string, options?: { json?: unknown } & Partial<Sent>): Promise<Reply>;
  /** Follows the job that a 202 tells of to its end, and until its database is free again. */
  follow(accepted: Reply): Promise<Json>;
  /** Makes a backup and returns its result. */
  backUp(body?: object): Promise<Json>;
}

export async function openServer(config: object = {}, env: Record<string, string> = {}): Promise<TestServer> {
  const desk = await openDesk(config);
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--json'], {
    cwd: desk.folder,
    env: { ...COMPILE_CACHE, PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const port = Number(new URL(await addressOf(child, () => log)).port);
  return {
    ...client(desk, port),
    desk,
    port,
    log: () => log,
    [Symbol.asyncDispose]: () => stop(child, desk),
  };
}

async function addressOf(child: ChildProcess, log: () => string): Promise<string> {
  let text = '';
  for await (const line of createInterface({ input: child.stdout! })) {
    text += line;
    if (line === '}') return JSON.parse(text).url;
  }
  throw new Error(`The server ended without an address: ${text} ${log()}`);
}

function client(desk: Desk, port: number): Pick<TestServer, 'call' | 'follow' | 'backUp'> {
  const call: TestServer['call'] = async (method, path, { json, ...rest } = {}) => {
    const body =
      json === undefined
        ? {}
        : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
    const sent = { method, path, ...body, ...rest };
    const answer = await exchange(port, sent);
    expectDescribed(sent, answer);
    const isJson = /json/.test(answer.headers['content-type'] ?? '') && answer.bytes.length > 0;
    return { ...answer, json: isJson ? JSON.parse(answer.bytes.toString()) : undefined };
  };
  const follow = async (accepted: Reply) => {
    const job = await followJob(call, accepted);
    await eventually(async () => isFree(desk, job.database), `${job.database} to be free`);
    return job;
  };
  const backUp = async (body: object = {}) => {
    const job = await follow(await call('POST', '/api/backups', { json: { database: 'shop', ...body } }));
    expect(job).toMatchObject({ status: 'succeeded' });
    return job.result;
  };
  return { call, follow, backUp };
}

async function followJob(call: TestServer['call'], { status, headers, json }: Reply): Promise<Json> {
  expect(status).toBe(202);
  expect(headers.location).toBe(`/api/jobs/${json.job.id}`);
  for (const end = Date.now() + 300_000; Date.now() < end; await setTimeout(20)) {
    const { json: job } = await call('GET', headers.location!);
    if (job.status === 'succeeded' || job.status === 'failed') return job;
  }
  throw new Error(`The job ${json.job.id} did not end.`);
}

/** A job lets go of its database only just after its end is written. */
function isFree({ folder }: Desk, database: string): boolean {
  const path = join(folder, 'backups/locks', `${database}.json`);
  return !existsSync(path) || JSON.parse(readFileSync(path, 'utf8')).holder === null;
}

async function stop(child: ChildProcess, desk: Desk): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await exited;
  await desk[Symbol.asyncDispose]();
  expect(code).toBe(0);
}

/** Bytes of a backup's object, as stored. */
export function storedBytes({ desk }: TestServer, { key }: { key: string }): Buffer {
  return readFileSync(join(desk.folder, 'backups', key));
}
