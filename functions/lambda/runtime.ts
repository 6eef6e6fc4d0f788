import { dirname, join } from 'node:path';
import process from 'node:process';
import type { z } from 'zod';
import { type Cofre, openCofre } from '../../lib/cofre.ts';
import { loadConfig } from '../../lib/config.ts';
import type { JobKind } from '../../lib/jobs/job.ts';
import type { Journal } from '../../lib/jobs/journal.ts';
import { jsonLogger } from '../../lib/logger.ts';
import type { Remaining } from '../deadline.ts';
import { ENV } from '../environment.ts';
import { type Emit, metricLines } from '../metrics.ts';
import { type Outcome, toOutcome } from '../outcome.ts';
import { failQueued } from '../queued.ts';
import { parseEvent } from '../schemas.ts';

/** Where the files beside a function's code are: its configuration and the certificates that it names. */
export const TASK_ROOT = process.env['LAMBDA_TASK_ROOT'] ?? process.cwd();

const write = (line: string) => void process.stderr.write(line);

/** Cofre as the stack has configured this function. Reads no secret yet. */
export function openInLambda(): Cofre {
  const { env } = process;
  const file = env[ENV.configFile] ?? join(TASK_ROOT, 'cofre.json');
  return openCofre({
    config: loadConfig(file, dirname(file)),
    env,
    logger: jsonLogger(write),
    ...optional('store', env[ENV.store]),
    ...optional('publicUrl', env[ENV.publicUrl]),
  });
}

function optional<K extends string>(name: K, value: string | undefined): { [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: string });
}

export function openMetrics(): Emit {
  return metricLines(process.env[ENV.stack] ?? 'cofre', write);
}

/** A Lambda has no signals of ours to end by: its time runs out, see deadline.ts. */
export const never: AbortSignal = new AbortController().signal;

/** An event that is not valid ends its queued job, too: whoever follows that learns the reason at once. */
async function parseOrFail<S extends z.ZodType>(
  journal: Journal,
  schema: S,
  given: unknown,
): Promise<z.infer<S>> {
  try {
    return parseEvent(schema, given);
  } catch (error) {
    await failQueued(journal, given, error);
    throw error;
  }
}

/** The handler of a function that runs jobs: checks the event, and tells how the job ended. */
export function jobHandler<S extends z.ZodType<object>>(
  cofre: Cofre,
  kind: JobKind,
  schema: S,
  run: (event: z.infer<S>, context: Remaining) => Promise<object>,
) {
  return async (given: unknown, context: Remaining): Promise<Outcome> => {
    const retried = typeof given === 'object' && given !== null && 'occurrence' in given;
    return await toOutcome({ kind, retried }, cofre.logger, async () =>
      run(await parseOrFail(cofre.journal, schema, given), context),
    );
  };
}
