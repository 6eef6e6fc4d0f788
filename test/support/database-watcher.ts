// An application that has the database open all the time and reads it again and again; see `watchDatabase`.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PAUSE_MS = 20;
const SQLITE_BUSY = 5;

export interface Watched {
  /** Every pair of names that was read: `a+a` is database a, `a+b` would be a mixture. */
  readonly seen: readonly string[];
  readonly reads: number;
  readonly errors: readonly string[];
}

export interface Watcher {
  /** What was seen up to now. */
  report(): Promise<Watched>;
  stop(): void;
}

/** Starts another process that keeps the sample database at `path` open and reads both of its names. */
export async function watchDatabase(path: string): Promise<Watcher> {
  const child = fork(fileURLToPath(import.meta.url), [path], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return { report: () => ask(child), stop: () => void child.kill('SIGKILL') };
}

async function ask(child: ChildProcess): Promise<Watched> {
  const answer = once(child, 'message');
  child.send('report');
  return ((await answer) as [Watched])[0];
}

async function watch(path: string): Promise<never> {
  const database = new DatabaseSync(path, { timeout: 120_000 });
  const [seen, errors] = [new Set<string>(), new Set<string>()];
  let reads = 0;
  process.on('message', () => process.send!({ seen: [...seen], errors: [...errors], reads }));
  process.on('disconnect', () => process.exit());
  process.send!('ready');
  for (;;) {
    try {
      seen.add(readNames(database));
      reads += 1;
    } catch (error) {
      if (((error as { errcode?: number }).errcode ?? 0) % 256 !== SQLITE_BUSY) errors.add(String(error));
    }
    await sleep(PAUSE_MS);
  }
}

/** One statement is one read transaction. */
function readNames(database: DatabaseSync): string {
  const row = database.prepare("SELECT first.name || '+' || last.name AS names FROM first, last").get();
  return String(row?.['names']);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await watch(process.argv[2]!);
