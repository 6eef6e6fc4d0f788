import { userInfo } from 'node:os';
import { type Cofre, openCofre } from '../cofre.ts';
import { loadConfig } from '../config.ts';
import type { Progress } from '../jobs/job.ts';
import { jsonLogger, type Logger } from '../logger.ts';
import { type Output, openOutput, type Streams } from './output.ts';
import { progressLine } from './progress.ts';
import type { Stack } from './stack/api.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly store?: string;
  readonly config?: string;
  readonly stack?: string;
}

/** What the process gives to a command. */
export interface Process extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Fires on SIGINT and SIGTERM: jobs then end cleanly. */
  readonly signal: AbortSignal;
  /** Finds a deployed stack; by default in AWS. */
  readonly openStack?: (name: string, signal: AbortSignal) => Promise<Stack>;
}

/** One command's run: the wired parts and the ways to speak. */
export interface CliSession {
  readonly cofre: Cofre;
  readonly output: Output;
  readonly process: Process;
  readonly actor: string;
  /** Runs a job with a progress bar on a terminal. */
  withProgress<T>(
    run: (options: { signal: AbortSignal; onProgress: (progress: Progress) => void }) => Promise<T>,
  ): Promise<T>;
}

export function openCliSession(options: CommonOptions, process: Process): CliSession {
  const output = openOutput(options.json ?? false, process);
  const config = loadConfig(options.config ?? process.env['COFRE_CONFIG'], process.cwd);
  const store = options.store ?? process.env['COFRE_STORE'];
  const bar = progressLine(process, output.json);
  const cofre = openCofre({
    config,
    env: process.env,
    logger: warnings(output, bar.clear),
    ...(store && { store }),
  });
  return {
    cofre,
    output,
    process,
    actor: `cli:${userInfo().username}`,
    withProgress: (run) => run({ signal: process.signal, onProgress: bar.show }).finally(bar.clear),
  };
}

/** On a terminal only what somebody should read; the whole log is the server's and Lambda's. */
function warnings(output: Output, before: () => void): Logger {
  const speak = (message: string, fields?: object) => {
    before();
    output.note(`cofre: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`);
  };
  const log =
    process.env['COFRE_LOG'] === 'json' ? jsonLogger((line) => void process.stderr.write(line)) : undefined;
  return log ?? { info: () => {}, warn: speak, error: speak };
}
