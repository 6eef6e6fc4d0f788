import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { runCli } from '../../lib/cli/run.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';

export const MAIN = resolve(import.meta.dirname, '../../infra/local/cli.ts');

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a configuration and the database `shop`, as somebody would set it up. */
export interface Desk extends AsyncDisposable {
  readonly folder: string;
  /** File of the database `shop`. */
  readonly database: string;
  /** Runs the command line there, as a process of its own without a terminal. */
  run(args: readonly string[], env?: Record<string, string>): Promise<Result>;
  /** The same with `--json`: stdout must be one object and stderr empty. */
  // biome-ignore lint/suspicious/noExplicitAny: each verb answers its own object; the tests look into it
  json(args: readonly string[], code?: number): Promise<any>;
  start(args: readonly string[], env?: Record<string, string>): ChildProcess;
  sql(statement: string, file?: string): Record<string, unknown>[];
}

/** `config` is laid over a configuration with the database `shop`. */
export async function openDesk(config: object = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'cofre-cli-'));
  const database = join(folder, 'shop.sqlite3');
  const databases = { shop: { url: 'sqlite:./shop.sqlite3' } };
  await writeFile(join(folder, 'cofre.json'), JSON.stringify({ store: './backups', databases, ...config }));
  makeShop(database);
  const start = (args: readonly string[], env = {}) => startCli(folder, args, env);
  const run = async (args: readonly string[], env = {}) => await ended(start(args, env));
  return {
    folder,
    database,
    start,
    run,
    json: async (args, code = 0) => oneObject(await run([...args, '--json']), code),
    sql: (statement, file = database) => query(file, statement),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function makeShop(path: string): void {
  using database = new DatabaseSync(path);
  database.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, who TEXT NOT NULL, cents INTEGER);
    CREATE TABLE notes (text TEXT);
    INSERT INTO orders (who, cents) VALUES ('Ana', 1250), ('João', 999), ('''; --', NULL);
    INSERT INTO notes VALUES ('Olá')`);
}

/** Only what a process needs: nothing of the environment of whoever runs the tests decides their outcome. */
function startCli(folder: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '/' } = process.env;
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...COMPILE_CACHE, PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function ended(child: ChildProcess): Promise<Result> {
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!), exited(child)]);
  return { code: child.exitCode, stdout, stderr };
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** `JSON.parse` refuses a second object or any other text beside the first. */
export function oneObject({ code, stdout, stderr }: Result, expected: number) {
  expect({ code, stderr, stdout: code === expected ? '' : stdout }).toEqual({
    code: expected,
    stderr: '',
    stdout: '',
  });
  const value = JSON.parse(stdout);
  expect(value).toBeTypeOf('object');
  expect(Array.isArray(value)).toBe(false);
  return value;
}

export function query(file: string, statement: string): Record<string, unknown>[] {
  using database = new DatabaseSync(file, { timeout: 120_000 });
  return database.prepare(statement).all();
}

/** Keeps everyone else out of a SQLite database until disposed of. */
export function lock(path: string): Disposable {
  const database = new DatabaseSync(path);
  database.exec('BEGIN EXCLUSIVE');
  return { [Symbol.dispose]: () => database.close() };
}

/** For commands that are run in this process: a server needs one of its own. */
export const NO_SERVER = () => Promise.reject(new Error('there is no server here'));

/** The same without a process of its own, for the many cases that end before anything is done. */
export async function runHere({ folder }: Desk, args: readonly string[]): Promise<Result> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const signal = new AbortController().signal;
  const stdin = Readable.from([]);
  const process = { stdin, stdout, stderr, env: {}, cwd: folder, signal };
  const code = await runCli(args, process, { serve: NO_SERVER });
  return { code, stdout: await text(stdout.end()), stderr: await text(stderr.end()) };
}

/** Asks until it gets an answer that is neither `undefined` nor `false`. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false>,
  what: string,
): Promise<NonNullable<T>> {
  for (const end = Date.now() + 300_000; Date.now() < end; await setTimeout(5)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`Waited in vain for ${what}.`);
}
