import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoopName, LoopOptions } from './sqlite-loops.ts';

/**
 * Another process with a connection to a database: an application that works on it meanwhile. It must be another
 * process, because one that closes any descriptor of a file loses all its locks on it, and the engine does close some.
 */
export interface SqliteProcess extends AsyncDisposable {
  readonly pid: number;
  run(sql: string): Promise<void>;
  all(sql: string): Promise<Record<string, unknown>[]>;
  /** Repeats something until `stop`, at full speed. */
  loop(name: LoopName, options?: LoopOptions): Promise<void>;
  /** Rounds that the loop has done so far. */
  rounds(): Promise<number>;
  /** Ends the loop after the round under way. */
  stop(): Promise<LoopReport>;
  /** As by kill -9 or a power cut of the process. */
  kill(): Promise<void>;
}

export interface LoopReport {
  readonly rounds: number;
  /** Rounds that another process's lock prevented. */
  readonly busy: number;
  /** Whatever else went wrong. */
  readonly errors: readonly string[];
  /** What a watching loop saw, each once. */
  readonly seen: readonly string[];
}

export type WorkerRequest =
  | { readonly command: 'run' | 'all'; readonly sql: string }
  | { readonly command: 'loop'; readonly name: LoopName; readonly options: LoopOptions }
  | { readonly command: 'rounds' | 'stop' };

/** Opens `path` in a process of its own; its statements wait up to `timeout` ms for a lock. */
export async function sqliteProcess(path: string, timeout = 120_000): Promise<SqliteProcess> {
  const worker = fileURLToPath(new URL('./sqlite-worker.ts', import.meta.url));
  const child = fork(worker, [path, String(timeout)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ask = asker(child);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  await ask({ command: 'all', sql: 'SELECT 1' });
  return {
    pid: child.pid!,
    run: async (sql) => void (await ask({ command: 'run', sql })),
    all: async (sql) => (await ask({ command: 'all', sql })) as Record<string, unknown>[],
    loop: async (name, options = {}) => void (await ask({ command: 'loop', name, options })),
    rounds: async () => (await ask({ command: 'rounds' })) as number,
    stop: async () => (await ask({ command: 'stop' })) as LoopReport,
    kill,
    [Symbol.asyncDispose]: async () => {
      if (!child.connected) return;
      child.disconnect();
      await exited;
    },
  };
}

/** Requests are answered in their order. */
function asker(child: ChildProcess): (request: WorkerRequest) => Promise<unknown> {
  const waiting: ((answer: { ok?: unknown; failed?: string }) => void)[] = [];
  child.on('message', (answer: { ok?: unknown; failed?: string }) => waiting.shift()?.(answer));
  child.once('exit', () => {
    for (const answer of waiting.splice(0)) answer({ failed: 'the process has ended' });
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting.push(({ ok, failed }) => (failed === undefined ? resolve(ok) : reject(new Error(failed))));
      child.send(request);
    });
}
