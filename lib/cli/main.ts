// Entry point of the command line: `npm run -s cofre -- COMMAND`.
import process from 'node:process';
import { CofreError } from '../errors.ts';
import { runCli } from './run.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(130);
    const hint = 'Nothing was listed or changed by halves.';
    abort.abort(new CofreError('ABORTED', `Interrupted by ${signal}.`, { hint }));
  });
}

// `cofre list | head -1`: a reader that has seen enough is no failure of the command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
});
