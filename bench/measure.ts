import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One run of a command: wall time, and peak memory of its processes. */
export interface Run {
  readonly seconds: number;
  /** Largest sum of the resident sets of the process and its descendants seen at one moment, bytes. */
  readonly peakTree: number;
  /** Peak resident set of the largest single process (VmHWM, proc(5)), bytes. */
  readonly peakProcess: number;
}

const SAMPLE_MS = 25;

/** Runs a shell command to its end. @throws when it fails: a benchmark of failures says nothing. */
export async function run(command: string, cwd: string): Promise<Run> {
  const began = process.hrtime.bigint();
  const child = spawn('sh', ['-c', command], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const memory = watchMemory(child.pid!);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (status !== 0) throw new Error(`exit ${status}: ${command}`);
  return { seconds, ...memory.stop() };
}

function watchMemory(pid: number) {
  let peakTree = 0;
  let peakProcess = 0;
  const sample = () => {
    const processes = descendants(pid).map(statusOf);
    peakTree = Math.max(
      peakTree,
      processes.reduce((sum, it) => sum + it.rss, 0),
    );
    peakProcess = Math.max(peakProcess, ...processes.map((it) => it.peak));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { peakTree, peakProcess };
    },
  };
}

/**
 * The process and all below it, as the kernel lists them (proc(5), `children`): to look at every process of the
 * machine, many times a second, would take time from what is measured.
 */
function descendants(root: number): number[] {
  const found = [root];
  for (const pid of found) {
    found.push(...read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number));
  }
  return found;
}

function statusOf(pid: number): { rss: number; peak: number } {
  const status = read(`/proc/${pid}/status`);
  const kib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { rss: kib('VmRSS') * 1024, peak: kib('VmHWM') * 1024 };
}

/** A process may end between two looks. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
