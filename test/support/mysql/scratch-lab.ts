import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./scratch-process.ts', import.meta.url));

export interface ScratchProcess {
  /** The next thing that it says. */
  next(): Promise<string>;
  /** At once, as a crash does. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** To everybody else, a process on another host; see `scratch-process.ts`. */
export function scratchProcess(
  source: string,
  place: string,
  task: 'test' | 'open' | 'sweep',
): ScratchProcess {
  const env = { ...process.env, AWS_LAMBDA_LOG_STREAM_NAME: `host of ${task} ${Math.random()}` };
  const child = fork(script, [source, place, task], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const said: string[] = [];
  let wake = () => {};
  child.on('message', (message) => {
    said.push(String(message));
    wake();
  });
  const ended = once(child, 'exit').then(() => wake());
  return {
    next: async () => {
      while (said.length === 0) {
        if (child.exitCode !== null) throw new Error(`The process ended with ${child.exitCode}.`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return said.shift()!;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
