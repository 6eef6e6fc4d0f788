import { CofreError } from '../../../errors.ts';
import {
  BUSY,
  connectionFailed,
  type Explanation,
  FAILED,
  isSystemFailure,
  type Role,
  translating,
} from '../../sql/connection/failures.ts';
import { isDriverFailure } from './driver.ts';
import { type ConnectionSettings, nameOf } from './url.ts';

/** What the server sends with an error (manual, 55.8). */
export interface ServerError extends Error {
  readonly code: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
}

/** An answer of the server, not of a socket or of ours: it has a five-character SQLSTATE (manual, Appendix A). */
export function isServerError(error: unknown): error is ServerError {
  if (!(error instanceof Error && 'code' in error) || error instanceof CofreError) return false;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code);
}

/** By SQLSTATE, or by its first two characters, the class. */
const BY_STATE: Readonly<Record<string, Explanation>> = {
  '3D000': {
    code: { source: 'SOURCE_NOT_FOUND', target: 'TARGET_INVALID' },
    why: (database) => `There is no database ${database}.`,
    hint: 'Check the name at the end of the URL, or make it with createdb.',
  },
  '28': {
    code: FAILED,
    why: (database, message) => `${database} does not let us in: ${message}.`,
    hint: 'Check user and password (special characters in a URL are percent-encoded), and pg_hba.conf.',
  },
  '22021': {
    code: { source: 'SOURCE_INVALID', target: 'TARGET_INVALID' },
    why: (database, message) => `A name in ${database} is not UTF-8: ${message}.`,
    hint: 'A database with the encoding SQL_ASCII may hold such names of schemas, tables and columns. Rename them (ALTER … RENAME, with client_encoding SQL_ASCII); texts may hold any bytes.',
  },
  '42501': {
    code: FAILED,
    why: (database, message) => `A right is missing in ${database}: ${message}.`,
    hint: 'Connect as the owner of the objects, or as a role that is a member of it. Nothing was changed.',
  },
  '53100': {
    code: { source: 'NO_SPACE', target: 'NO_SPACE' },
    why: (database, message) => `The server of ${database} has no space left: ${message}.`,
    hint: 'Free some space on the server and try again. Nothing was changed.',
  },
  '53200': {
    code: FAILED,
    why: (database, message) => `The server of ${database} is out of memory: ${message}.`,
    hint: 'With very many tables one transaction needs more locks: raise max_locks_per_transaction, or restore with --mode swap.',
  },
  '53300': {
    code: BUSY,
    why: (database, message) => `The server of ${database} has no connection left: ${message}.`,
    hint: 'Use fewer (--jobs), close some, or raise max_connections.',
  },
  '55P03': {
    code: BUSY,
    why: (database, message) => `${database} is locked: ${message}.`,
    hint: 'Wait for the other transaction to end, or end it, then try again.',
  },
  '40P01': {
    code: BUSY,
    why: (database, message) => `${database} is locked: ${message}.`,
    hint: 'Another session holds locks in another order. Try again.',
  },
  '57': {
    code: FAILED,
    why: (database, message) => `The server ended our work on ${database}: ${message}.`,
    hint: 'Somebody cancelled it, or the server stopped. Try again once it runs.',
  },
  '08': {
    code: FAILED,
    why: (database, message) => `The connection to ${database} failed: ${message}.`,
    hint: 'Check the network and the server, then try again.',
  },
};

/** Translates what the server or the socket reports; an error of ours, or of somebody else, stays as it is. */
export function explain(error: unknown, role: Role, settings: ConnectionSettings): unknown {
  if (!(error instanceof Error) || error instanceof CofreError) return error;
  const database = nameOf(settings);
  if (isServerError(error)) return fromServer(error, role, database);
  if (!isConnectionFailure(error)) return error;
  return connectionFailed(error, role, database);
}

function fromServer(error: ServerError, role: Role, database: string): CofreError {
  const found = BY_STATE[error.code] ?? BY_STATE[error.code.slice(0, 2)];
  const message = [error.message, error.detail].filter(Boolean).join(': ').replace(/\.$/, '');
  if (found) {
    return new CofreError(found.code[role], found.why(database, message), { cause: error, hint: found.hint });
  }
  return new CofreError(FAILED[role], `PostgreSQL failed on ${database}: ${message} (${error.code}).`, {
    cause: error,
    hint: error.hint ?? 'SQLSTATE codes are explained in Appendix A of the PostgreSQL manual.',
  });
}

/** Of a socket, or the driver's own. */
function isConnectionFailure(error: Error): boolean {
  return isSystemFailure(error) || isDriverFailure(error);
}

/** `translating` what concerns the database at `settings`. */
export async function explaining<T>(
  role: Role,
  settings: ConnectionSettings,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  return await translating(signal, (error) => explain(error, role, settings), work);
}
