import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { COMPILE_CACHE } from './compile-cache.ts';

const MAIN = join(import.meta.dirname, '../../infra/local/cli.ts');

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliEnd {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A command line under way, in a process group of its own. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly end: Promise<CliEnd>;
}

/** Starts `cofre ARGS` as a real process, with nothing of our environment but PATH. Temporary files go to `cwd`/tmp. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliOptions): CliRun {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...COMPILE_CACHE, PATH: process.env['PATH'] ?? '', TMPDIR: join(cwd, 'tmp'), HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return { child, pid: child.pid!, end: collect(child, performance.now()) };
}

export async function runCli(args: readonly string[], options: CliOptions): Promise<CliEnd> {
  return await startCli(args, options).end;
}

async function collect(child: ChildProcess, began: number): Promise<CliEnd> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Not 'close': a grandchild that outlives a killed process keeps the pipes open.
  const [code] = (await once(child, 'exit')) as [number | null];
  const ms = performance.now() - began;
  await new Promise((resolve) => setImmediate(resolve));
  return { code, stdout, stderr, ms };
}

/** Whether any process of the group still lives. */
export function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
