import { CofreError, type ErrorCode, toCofreError } from '../lib/errors.ts';
import { errorRecord, type Job, type JobKind } from '../lib/jobs/job.ts';
import type { Logger } from '../lib/logger.ts';

/** How an asynchronous job ended, for `notify`, which gets it through a Lambda destination. */
export type Outcome =
  | { readonly status: 'succeeded'; readonly kind: JobKind; readonly result: object }
  | { readonly status: 'failed'; readonly kind: JobKind; readonly error: NonNullable<Job['error']> }
  /** Another delivery of the same event has told, or will. */
  | { readonly status: 'duplicate'; readonly kind: JobKind };

/** What may be different a minute later. A job that did not fit into its time would not fit then either. */
const WORTH_ANOTHER_TRY: ReadonlySet<ErrorCode> = new Set([
  'BUSY',
  'SOURCE_BUSY',
  'SOURCE_FAILED',
  'SECRET_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'LEASE_LOST',
  'INTERNAL',
]);

/**
 * Runs a job to an outcome. Throws only what Lambda should try again: the failure of a scheduled job that another try
 * may mend. Somebody waits for any other one, and gets told at once.
 */
export async function toOutcome(
  { kind, retried }: { readonly kind: JobKind; readonly retried: boolean },
  logger: Logger,
  work: () => Promise<object>,
): Promise<Outcome> {
  try {
    return { status: 'succeeded', kind, result: await work() };
  } catch (thrown) {
    const { code, message, hint } = toCofreError(thrown);
    if (code === 'DUPLICATE') {
      logger.info(message, { kind });
      return { status: 'duplicate', kind };
    }
    logger.error(`A ${kind} failed.`, { code, reason: message, hint });
    // A copy: Lambda's own runtime logs what is thrown, and a cause may be of a driver's making.
    if (retried && WORTH_ANOTHER_TRY.has(code)) throw new CofreError(code, message, hint ? { hint } : {});
    return { status: 'failed', kind, error: errorRecord(thrown) };
  }
}
