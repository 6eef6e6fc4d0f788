// The process of sqlite-task.ts: does one thing with the engine and tells how it went.
import { mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { LoadInput, RawFrame } from '../../lib/engines/engine.ts';
import { sqliteEngine } from '../../lib/engines/sqlite/engine.ts';
import { CofreError } from '../../lib/errors.ts';
import { contextOf } from '../contracts/engine/harness.ts';
import { filesBeside, urlOf } from './sqlite.ts';
import { fingerprint } from './sqlite-fingerprint.ts';
import type { Outcome, Task } from './sqlite-task.ts';

const task = JSON.parse(process.argv[2]!) as Task;
const engine = sqliteEngine({ busyMs: 3_000, holdMs: 600_000 });
let pulled = 0;
let childrenPeak = 0;

const verbs: Record<Task['verb'], () => Promise<unknown>> = {
  inspect: () => engine.inspect(urlOf(task.path!), contextOf()),
  dump: async () => {
    for await (const { release } of (await engine.dump(urlOf(task.path!), contextOf())).frames) release?.();
  },
  load: () => engine.load(urlOf(task.target!), input(), contextOf()),
  verify: () => engine.verify(input(), contextOf()),
  copy: async () => {
    const { frames } = await engine.dump(urlOf(task.path!), contextOf());
    return await engine.load(urlOf(task.target!), { frames: passed(frames) }, contextOf());
  },
};

function input(): LoadInput {
  const { expected } = task;
  return { frames: passed(framesOf(task.path!)), ...(expected && { expected }) };
}

async function* passed(frames: AsyncIterable<RawFrame>): AsyncGenerator<RawFrame> {
  for await (const frame of frames) {
    pulled += 1;
    yield frame;
    frame.release?.();
  }
}

/** A plain database file as a dump. */
async function* framesOf(path: string): AsyncGenerator<RawFrame> {
  const file = openSync(path, 'r');
  for (;;) {
    const bytes = Buffer.alloc(1024 * 1024);
    const length = readSync(file, bytes);
    if (length === 0) return;
    yield { section: 'data', rows: 0, bytes: bytes.subarray(0, length) };
  }
}

/** What is at the target, seen from here: another mount namespace, perhaps. */
async function stateOf(target: string | undefined): Promise<string> {
  if (!target || !task.watch) return '';
  return JSON.stringify([fingerprint(target), await filesBeside(target)]);
}

/** Peak of the physical memory of a process (proc(5), VmHWM): unlike ru_maxrss, not inherited from who started it. */
function peakOf(pid: string): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // It has ended.
  }
}

async function watchChildren(): Promise<void> {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  childrenPeak = Math.max(childrenPeak, ...children.trim().split(' ').filter(Boolean).map(peakOf));
}

if (process.env['TMPDIR']) mkdirSync(process.env['TMPDIR'], { recursive: true });
const before = await stateOf(task.target);
const timer = setInterval(watchChildren, 20);
const failure = await verbs[task.verb]().then(
  () => undefined,
  (error: unknown) => error,
);
clearInterval(timer);
const outcome: Outcome = {
  code: failure === undefined ? 'done' : failure instanceof CofreError ? failure.code : String(failure),
  hint: (failure as CofreError | undefined)?.hint ?? '',
  pulled,
  unchanged: (await stateOf(task.target)) === before,
  leftInTemporaryFolder: process.env['TMPDIR'] ? await readdir(process.env['TMPDIR']) : [],
  peakKiB: peakOf('self'),
  childrenPeakKiB: childrenPeak,
};
process.stdout.write(JSON.stringify(outcome));
