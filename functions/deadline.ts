import { CofreError } from '../lib/errors.ts';
import type { Figures } from '../lib/jobs/progress.ts';
import type { JobOptions } from '../lib/jobs/run.ts';
import type { Logger } from '../lib/logger.ts';

/** The part of Lambda's context that says when it ends (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html). */
export interface Remaining {
  getRemainingTimeInMillis(): number;
}

/** A job has ended, and its end is written, so long before Lambda would cut the function off, ms. */
const MARGIN_MS = 20_000;
/** What clearing up may take: closing connections, aborting an upload, writing the record; ms. */
const CLEAR_UP_MS = 15_000;
/** Half of a shorter time, so that a function of a minute still does something. */
const MOST_OF_TIME = 0.5;
/** No judgement of the speed before a phase has run so long, ms: connecting and the first frames are slow. */
const SETTLED_MS = 10_000;

/**
 * Lets a job run while its function may: ends it when `stop` fires, or cleanly near the end of the function's time,
 * and says early, from size and speed, when it will not fit.
 */
export function withinTime(
  context: Remaining | undefined,
  stop: AbortSignal,
  logger: Logger,
): Pick<JobOptions, 'signal' | 'advise'> {
  if (!context) return { signal: stop };
  const left = timeLeft(context);
  const late = new AbortController();
  setTimeout(() => late.abort(outOfTime()), left()).unref();
  return { signal: AbortSignal.any([stop, late.signal]), advise: adviser(left, logger) };
}

/** Time that the job has, ms: what is kept for its end does not count. */
function timeLeft(context: Remaining): () => number {
  const kept = Math.min(MARGIN_MS + CLEAR_UP_MS, context.getRemainingTimeInMillis() * MOST_OF_TIME);
  return () => Math.max(0, context.getRemainingTimeInMillis() - kept);
}

function adviser(left: () => number, logger: Logger): (figures: Figures) => string | null {
  let phase: { readonly name: string; readonly leftThen: number } | undefined;
  let told = false;
  return ({ phase: name, secondsLeft, totalBytes }) => {
    const now = left();
    if (phase?.name !== name) phase = { name, leftThen: now };
    if (secondsLeft === null || phase.leftThen - now < SETTLED_MS || secondsLeft * 1_000 <= now) return null;
    const note = willNotFit(secondsLeft, now / 1_000);
    if (!told) logger.warn(note, { phase: name, totalBytes });
    told = true;
    return note;
  };
}

function willNotFit(needed: number, given: number): string {
  return `At this speed it needs ${needed} s more and has ${Math.round(given)} s: it will not fit into the time of its function.`;
}

function outOfTime(): CofreError {
  return new CofreError(
    'ABORTED',
    'The job did not fit into the time of its function and was ended cleanly.',
    {
      hint: 'Nothing was listed or changed by halves. Give the function more time (900 s at most) or memory, with which CPU comes; a database that needs longer is one for the command line.',
    },
  );
}
