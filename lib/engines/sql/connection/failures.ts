import { CofreError, type ErrorCode } from '../../../errors.ts';

/** Whose database a failure is about: it decides between `SOURCE_…` and `TARGET_…` codes. */
export type Role = 'source' | 'target';

type Codes = Readonly<Record<Role, ErrorCode>>;

/** What a server's error means to its admin. */
export interface Explanation {
  readonly code: Codes;
  readonly why: (database: string, message: string) => string;
  readonly hint: string;
}

export const FAILED: Codes = { source: 'SOURCE_FAILED', target: 'TARGET_INVALID' };
export const BUSY: Codes = { source: 'SOURCE_BUSY', target: 'TARGET_BUSY' };

/** Node's system and TLS errors have a code in capitals. */
export function isSystemFailure(error: Error): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (/^(?:connect|read|write|getaddrinfo)$/.test(syscall ?? '')) return true;
  const system = /^(?:ERR_TLS|ERR_SSL|ERR_STREAM|CERT_|DEPTH_|SELF_|UNABLE_|HOSTNAME|ECONN|EPIPE|ETIMEDOUT)/;
  return typeof code === 'string' && system.test(code);
}

/** @param database as messages name it */
export function connectionFailed(cause: Error, role: Role, database: string): CofreError {
  return new CofreError(FAILED[role], `The connection to ${database} failed: ${messageOf(cause)}.`, {
    cause,
    hint: 'Check host and port, that the server runs and lets us in from here, and its TLS settings (sslmode).',
  });
}

/** A host with several addresses fails with one error for each, and no message of its own. */
function messageOf(error: Error): string {
  const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return errors.map(({ message }) => message.replace(/\.$/, '')).join('; ');
}

/**
 * Runs `work`; an abort counts before what it did to a connection, and what failed is translated.
 * @throws the signal's reason, or what `explain` makes of what `work` threw.
 */
export async function translating<T>(
  signal: AbortSignal,
  explain: (error: unknown) => unknown,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error);
  }
}
