import type { ErrorCode } from '../../../lib/errors.ts';
import type { JobError } from './types.ts';

/** What can go wrong on the way to the API, beside what the API itself reports. */
export type PageErrorCode = 'NETWORK' | 'UNEXPECTED' | 'SIGN_IN_FAILED';
export type FaultCode = ErrorCode | PageErrorCode;

/** A failure ready to be shown: `code` picks the explanation in the reader's language, the rest is the server's. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A request that failed. */
export class ApiError extends Error implements Fault {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly hint: string | null;

  constructor(code: string, message: string, hint: string | null = null) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Any thrown value or failed job as something to show. */
export function toFault(error: unknown): Fault | JobError {
  if (error instanceof ApiError) return error;
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error), hint: null };
}
