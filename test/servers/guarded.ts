import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  /** The server's own empty folder; removed when it ends. */
  readonly folder: string;
  /** Copied to `data` in the folder. */
  readonly template: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Ends the server at once. */
  readonly signal: 'QUIT' | 'KILL';
  /** Whether it takes connections, by its last lines of output or by what is in its folder. */
  readonly isUp: (output: readonly string[]) => boolean;
  /** The account that it runs as; by default ours. */
  readonly account?: { readonly uid?: number; readonly gid?: number };
}

const OUTPUT_LINES = 40;
const START_MS = 300_000;
/** As a text: the account that the servers run as may not be let into our folder. */
const guard = readFileSync(join(import.meta.dirname, 'guard.sh'), 'utf8');

/**
 * Starts a server that ends, and whose folder is removed, when `stop` is called or this process ends in any way;
 * see `guard.sh`.
 *
 * @throws Error when it is not up within five minutes; the message ends with its last output.
 */
export async function startGuarded(server: ServerCommand): Promise<{ stop(): Promise<void> }> {
  const { folder, template, signal, command, args, account } = server;
  const child = spawn('sh', ['-c', guard, 'guard.sh', folder, template, signal, command, ...args], {
    ...account,
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  const output = keepOutput(child);
  const stop = async () => {
    child.stdin.end();
    await closed;
  };
  if (await untilUp(child, () => server.isUp(output))) return { stop };
  await stop();
  throw new Error(`${command} did not start. Its last output:\n${output.join('\n')}`);
}

function keepOutput(child: ChildProcess): string[] {
  const output: string[] = [];
  child.on('error', (error) => output.push(error.message));
  for (const input of [child.stdout!, child.stderr!]) {
    createInterface({ input }).on('line', (line) => {
      output.push(line);
      output.splice(0, output.length - OUTPUT_LINES);
    });
  }
  return output;
}

async function untilUp(child: ChildProcess, isUp: () => boolean): Promise<boolean> {
  const deadline = Date.now() + START_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if (isUp()) return true;
    await sleep(20);
  }
  return false;
}
