// Entry point of the command line: `npm run -s cofre -- COMMAND`. Here, as `serve` needs the functions, which lib/ does not know.
import process from 'node:process';
import type { Serve } from '../../lib/cli/commands/serve.ts';
import { runCli } from '../../lib/cli/run.ts';
import { CofreError } from '../../lib/errors.ts';

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

/** Loaded on demand: the other commands need neither the functions nor the page. */
const serve: Serve = async (options) => await (await import('./serve.ts')).serve(options);

const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const { env } = process;
process.exitCode = await runCli(
  process.argv.slice(2),
  { ...streams, env, cwd: process.cwd(), signal: abort.signal },
  { serve },
);
