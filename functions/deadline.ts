import { CofreError } from '../lib/errors.ts';

/** The part of Lambda's context that says when it ends (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html). */
export interface Remaining {
  getRemainingTimeInMillis(): number;
}

/** Left for a clean end before Lambda cuts the function off, ms. */
const MARGIN_MS = 20_000;

/** Fires when `stop` does, or near the end of the function's time, so that a job is never cut off silently. */
export function deadline(context: Remaining | undefined, stop: AbortSignal): AbortSignal {
  if (!context) return stop;
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(outOfTime()),
    Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS),
  );
  timer.unref();
  return AbortSignal.any([stop, late.signal]);
}

function outOfTime(): CofreError {
  return new CofreError(
    'ABORTED',
    'The job did not fit into the time of its function and was ended cleanly.',
    {
      hint: 'Nothing was listed or changed by halves. Give the function more memory (it then gets more CPU).',
    },
  );
}
