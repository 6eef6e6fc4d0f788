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
import { isDriversOwn } from './driver.ts';
import { type ConnectionSettings, nameOf } from './url.ts';

/** What the server sends with an error (manual, "ERR_Packet"); the driver adds the symbol. */
export interface ServerError extends Error {
  /** Such as 1146; manual, "Server Error Message Reference". */
  readonly errno: number;
  readonly sqlState: string;
  /** Such as `ER_NO_SUCH_TABLE`. */
  readonly code?: string;
}

/** An answer of the server, not of a socket or of ours. */
export function isServerError(error: unknown): error is ServerError {
  if (!(error instanceof Error) || error instanceof CofreError) return false;
  const { errno, sqlState } = error as Partial<ServerError>;
  return typeof errno === 'number' && errno > 0 && typeof sqlState === 'string';
}

interface NumberedExplanation extends Explanation {
  readonly numbers: readonly number[];
}

/** MariaDB's own numbers are from 1900 to 1999 and above 4000. */
const EXPLANATIONS: readonly NumberedExplanation[] = [
  {
    numbers: [1049],
    code: { source: 'SOURCE_NOT_FOUND', target: 'TARGET_INVALID' },
    why: (database) => `There is no database ${database}.`,
    hint: 'Check the name at the end of the URL, or make it with CREATE DATABASE.',
  },
  {
    numbers: [1044, 1045, 1130, 1251, 1275, 1396, 1698, 1820, 1862, 3118, 3159, 3955, 4151],
    code: FAILED,
    why: (database, message) => `${database} does not let us in: ${message}.`,
    hint: 'Check user, password (special characters in a URL are percent-encoded), the host that the account is for, and its rights on the database.',
  },
  {
    numbers: [1142, 1143, 1144, 1227, 1370, 1410, 1419, 1449],
    code: FAILED,
    why: (database, message) => `A right is missing in ${database}: ${message}.`,
    hint: 'Grant it to the user of the URL; docs/configuration.md lists what backups and restores need.',
  },
  {
    numbers: [1168],
    code: { source: 'SOURCE_INVALID', target: 'TARGET_INVALID' },
    why: (database, message) => `A table of ${database} cannot be opened: ${message}.`,
    hint: 'Find it with CHECK TABLE or SHOW TABLE STATUS; repair it, or drop it if nobody needs it.',
  },
  {
    numbers: [1021, 1114],
    code: { source: 'NO_SPACE', target: 'NO_SPACE' },
    why: (database, message) => `The server of ${database} has no space left: ${message}.`,
    hint: 'Free some space on the server and try again.',
  },
  {
    numbers: [1037, 1038, 1041, 1135],
    code: FAILED,
    why: (database, message) => `The server of ${database} is out of memory: ${message}.`,
    hint: 'Use fewer connections (--jobs), or give it more memory.',
  },
  {
    numbers: [1040, 1203, 1226],
    code: BUSY,
    why: (database, message) => `The server of ${database} has no connection left: ${message}.`,
    hint: 'Use fewer (--jobs), close some, or raise max_connections.',
  },
  {
    numbers: [1205, 1213, 1223, 1614, 3572],
    code: BUSY,
    why: (database, message) => `${database} is locked: ${message}.`,
    hint: 'Wait for the other transaction to end, or end it (SHOW PROCESSLIST), then try again.',
  },
  {
    numbers: [1412],
    code: BUSY,
    why: (database, message) =>
      `A table of ${database} was altered, emptied or replaced meanwhile: ${message}.`,
    hint: 'Try again when nobody alters tables.',
  },
  {
    numbers: [1290, 1836, 3100],
    code: FAILED,
    why: (database, message) => `The server of ${database} takes no changes: ${message}.`,
    hint: 'It may be a replica: use the primary, or end its read_only mode.',
  },
  {
    numbers: [1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 1968, 1969, 3024, 3169, 4031],
    code: FAILED,
    why: (database, message) => `The server ended our work on ${database}: ${message}.`,
    hint: 'Somebody cancelled it, a limit of time was reached, or the server stopped. Try again once it runs.',
  },
];

const BY_NUMBER = new Map(EXPLANATIONS.flatMap((it) => it.numbers.map((number) => [number, it])));

/** Translates what the server or the socket reports; an error of ours, or of somebody else, stays as it is. */
export function explain(error: unknown, role: Role, settings: ConnectionSettings): unknown {
  if (!(error instanceof Error) || error instanceof CofreError) return error;
  const database = nameOf(settings);
  if (isServerError(error)) return fromServer(error, role, database);
  if (!isSystemFailure(error) && !isDriversOwn(error)) return error;
  return connectionFailed(error, role, database);
}

function fromServer(error: ServerError, role: Role, database: string): CofreError {
  const found = BY_NUMBER.get(error.errno) ?? noSpace(error);
  const message = error.message.replace(/\.$/, '');
  if (found) {
    return new CofreError(found.code[role], found.why(database, message), { cause: error, hint: found.hint });
  }
  return new CofreError(FAILED[role], `The server failed on ${database}: ${message} (${error.errno}).`, {
    cause: error,
    hint: 'Error numbers are explained in the "Server Error Message Reference" of the MySQL manual.',
  });
}

/** Errors of files carry the system's number, ENOSPC is 28 (manual, "Error Messages and Common Problems"). */
function noSpace({ errno, message }: ServerError): Explanation | undefined {
  const ofFile = [3, 1004, 1020, 1026, 1030];
  const full = ofFile.includes(errno) && /\b(?:28|122)\b|no space|disk full/i.test(message);
  return full ? BY_NUMBER.get(1021) : undefined;
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
