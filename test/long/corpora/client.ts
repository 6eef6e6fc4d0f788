import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface ClientRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: Uint8Array;
  /** After so many it is killed: some scripts wait for another session. */
  readonly seconds: number;
}

/** Runs a server's own client to its end, whatever that is; gives the lines that it complained in. */
export async function runClient({ program, args, env, input, seconds }: ClientRun): Promise<string[]> {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: seconds * 1_000,
    killSignal: 'SIGKILL',
  });
  // A client that fails early does not read its input to the end.
  child.stdin.on('error', () => {}).end(input);
  const [errors, [, signal]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  const lines = errors.split('\n').filter((line) => /ERROR/.test(line));
  return signal === null ? lines : [...lines, `ended by ${signal} after ${seconds} s`];
}
