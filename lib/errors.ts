/**
 * Every error that Cofre means to show. `code` is for programs, `message` says what happened, `hint` what to do
 * next. Neither may hold a secret: build messages from redacted URLs (see `secrets.ts`).
 *
 * The code is translated once to an exit code and once to an HTTP status, by the table below.
 */
export class CofreError extends Error {
  override readonly name = 'CofreError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 no such backup, 4 busy; 5 is of a restore test that found differences. */
const TABLE = {
  USAGE: { exit: 2, http: 400 },
  CONFIG_INVALID: { exit: 2, http: 500 },
  SECRET_UNAVAILABLE: { exit: 2, http: 500 },
  CONFIRMATION_REQUIRED: { exit: 2, http: 409 },
  SIGNED_OUT: { exit: 1, http: 401 },
  FORBIDDEN: { exit: 1, http: 403 },
  DATABASE_UNKNOWN: { exit: 2, http: 404 },
  BACKUP_NOT_FOUND: { exit: 3, http: 404 },
  JOB_NOT_FOUND: { exit: 3, http: 404 },
  BUSY: { exit: 4, http: 409 },
  DUPLICATE: { exit: 4, http: 409 },
  BACKUP_DAMAGED: { exit: 1, http: 409 },
  BACKUP_HELD: { exit: 1, http: 409 },
  SOURCE_NOT_FOUND: { exit: 1, http: 409 },
  SOURCE_INVALID: { exit: 1, http: 409 },
  SOURCE_DAMAGED: { exit: 1, http: 409 },
  SOURCE_BUSY: { exit: 1, http: 409 },
  SOURCE_FAILED: { exit: 1, http: 502 },
  TARGET_BUSY: { exit: 1, http: 409 },
  TARGET_INVALID: { exit: 1, http: 409 },
  RESTORE_REFUSED: { exit: 1, http: 409 },
  NO_SPACE: { exit: 1, http: 507 },
  STORE_UNAVAILABLE: { exit: 1, http: 502 },
  STORE_DENIED: { exit: 1, http: 502 },
  STORE_CONFLICT: { exit: 1, http: 409 },
  STORE_NOT_FOUND: { exit: 1, http: 404 },
  LEASE_LOST: { exit: 1, http: 500 },
  WORKER_LOST: { exit: 1, http: 500 },
  ABORTED: { exit: 1, http: 500 },
  MAIL_FAILED: { exit: 1, http: 502 },
  INTERNAL: { exit: 1, http: 500 },
} as const;

export type ErrorCode = keyof typeof TABLE;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(TABLE, text);
}

/** Exit code of the command line for an error of any kind. */
export function exitCode(error: unknown): number {
  return TABLE[toCofreError(error).code].exit;
}

/** HTTP status for an error of any kind. */
export function httpStatus(error: unknown): number {
  return TABLE[toCofreError(error).code].http;
}

/** `error` itself when it is ours, else wrapped: an abort as `ABORTED`, a full disk as `NO_SPACE`, the rest as `INTERNAL`. */
export function toCofreError(error: unknown): CofreError {
  if (error instanceof CofreError) return error;
  const { name, code, message } = describe(error);
  if (name === 'AbortError') {
    return new CofreError('ABORTED', 'The operation was aborted.', { cause: error });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CofreError('NO_SPACE', `No space left on the device (${message}).`, {
      cause: error,
      hint: 'Free some space, or use another folder, and try again.',
    });
  }
  return new CofreError('INTERNAL', message, { cause: error });
}

function describe(error: unknown): { name: string; code: unknown; message: string } {
  if (!(error instanceof Error)) return { name: 'Error', code: undefined, message: textOf(error) };
  return { name: error.name, code: (error as NodeJS.ErrnoException).code, message: error.message };
}

/** An object may have no way to become text; its content is left out, as it may hold a secret. */
function textOf(thrown: unknown): string {
  return typeof thrown === 'object' ? Object.prototype.toString.call(thrown) : String(thrown);
}
