import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoadInput } from '../../lib/engines/engine.ts';

/** One thing for the engine to do in a process of its own, where memory, disk or rights are short. */
export interface Task {
  /** `copy` dumps `path` and loads it into `target` at the same time. */
  readonly verb: 'inspect' | 'dump' | 'load' | 'verify' | 'copy';
  /** The database, or for `load` and `verify` the plain file whose bytes are the frames. */
  readonly path?: string;
  readonly target?: string;
  readonly expected?: LoadInput['expected'];
  /** Compare the target before and after. */
  readonly watch?: boolean;
}

export interface Outcome {
  /** `done`, or the code of the error. */
  readonly code: string;
  readonly hint: string;
  /** Frames that were taken from the source. */
  readonly pulled: number;
  readonly unchanged: boolean;
  readonly leftInTemporaryFolder: readonly string[];
  readonly peakKiB: number;
  /** The largest of the engine's own child processes. */
  readonly childrenPeakKiB: number;
}

const SCRIPT = fileURLToPath(new URL('./sqlite-task-process.ts', import.meta.url));
const run = promisify(execFile);

export async function runTask(task: Task, nodeOptions: readonly string[] = []): Promise<Outcome> {
  return await outcomeOf(process.execPath, [...nodeOptions, SCRIPT, JSON.stringify(task)]);
}

/** As root without any capability, so that permissions count for it as for everybody; as another user, as it is. */
export async function runTaskWithoutRights(task: Task): Promise<Outcome> {
  if (process.getuid?.() !== 0) return await runTask(task);
  const drop = ['--bounding-set=-all', '--inh-caps=-all', process.execPath];
  return await outcomeOf('setpriv', [...drop, SCRIPT, JSON.stringify(task)]);
}

/**
 * With a file system of `megabytes` in memory, mounted over `folder` for this process alone; `seed` is copied into it
 * first, and it is the temporary folder as well.
 */
export async function runTaskOnSmallDisk(
  task: Task,
  folder: string,
  megabytes: number,
  seed = '/dev/null',
): Promise<Outcome> {
  const mount = `mount -t tmpfs -o size=${megabytes}m cofre-test "$0" && cp "$1" "$0/app.sqlite3"`;
  const shell = [`${mount} && TMPDIR="$0/tmp" exec "$2" "$3" "$4"`, folder, seed, process.execPath, SCRIPT];
  return await outcomeOf('unshare', [
    '--mount',
    '--map-root-user',
    'sh',
    '-c',
    ...shell,
    JSON.stringify(task),
  ]);
}

async function outcomeOf(command: string, args: readonly string[]): Promise<Outcome> {
  const { stdout } = await run(command, args);
  return JSON.parse(stdout) as Outcome;
}
