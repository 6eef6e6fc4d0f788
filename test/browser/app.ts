import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { makeSampleDatabase, type SampleSize } from '../../infra/local/sample.ts';

const START = resolve(import.meta.dirname, '../../infra/local/start.ts');
const ADDRESS = /http:\/\/127\.0\.0\.1:(\d+)/;
/** About 40 MiB: several frames of the archive. */
export const LARGE: SampleSize = { users: 500, tickets: 16_000, commentsPerTicket: 4 };
export const SMALL: SampleSize = { users: 40, tickets: 60, commentsPerTicket: 2 };

/** The product as `npm start` runs it, on a folder of its own. */
export interface App {
  readonly url: string;
  readonly folder: string;
  /** File of the database `helpdesk`. */
  readonly database: string;
  /** Runs SQL in the database, as the application would that is backed up. */
  sql(statement: string): Record<string, unknown>[];
  stop(): Promise<void>;
}

interface AppOptions {
  readonly size?: SampleSize;
  /** Databases beside `helpdesk`, as in the configuration file. */
  readonly others?: Record<string, { url: string; schedule?: string }>;
}

export async function openApp({ size = SMALL, others = {} }: AppOptions = {}): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'cofre-browser-'));
  const database = join(folder, 'helpdesk.sqlite3');
  makeSampleDatabase(database, size);
  const helpdesk = { url: 'sqlite:./helpdesk.sqlite3', schedule: 'cron(0 2 * * ? *)' };
  const config = join(folder, 'cofre.json');
  await writeFile(config, JSON.stringify({ store: './backups', databases: { helpdesk, ...others } }));
  const child = spawn(process.execPath, [START, '--port', '0', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await addressOf(child);
  return {
    url,
    folder,
    database,
    sql: (statement) => run(database, statement),
    stop: () => stop(child, folder),
  };
}

/** The address that the server prints; its log, should it end before. */
async function addressOf(child: ChildProcess): Promise<string> {
  let log = '';
  child.stderr!.on('data', (chunk) => {
    log += chunk;
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = ADDRESS.exec(line);
    if (address) return address[0];
  }
  throw new Error(`The server ended without an address: ${log}`);
}

function run(path: string, statement: string): Record<string, unknown>[] {
  using database = new DatabaseSync(path, { timeout: 120_000 });
  return database.prepare(statement).all();
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}
