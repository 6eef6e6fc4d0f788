import { CofreError, type ErrorCode } from '../../../errors.ts';
import { isServerError } from '../connection/failures.ts';
import type { ServerFacts } from '../connection/server-facts.ts';

interface Explanation {
  readonly numbers: readonly number[];
  readonly code: ErrorCode;
  readonly hint: string;
}

/** By the server's number (manual, "Server Error Message Reference"); MariaDB's own are above 1900 and 4000. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    // Unknown character set, engine, system variable, collation, type, function of the server, plugin.
    numbers: [1115, 1128, 1193, 1231, 1273, 1286, 1289, 1305, 1478, 1524, 1911, 3505, 3652, 4078, 4161],
    code: 'RESTORE_REFUSED',
    hint: 'The server does not know, or does not have, what the dump needs: restore into one of the kind and version that it was made on. ',
  },
  {
    numbers: [1005, 1215, 1824],
    code: 'RESTORE_REFUSED',
    hint: 'A foreign key may refer to a table that comes later: put "SET foreign_key_checks = 0;" at the beginning of the file. ',
  },
  {
    numbers: [1044, 1142, 1143, 1227, 1370, 1410, 1449, 3879],
    code: 'TARGET_INVALID',
    hint: 'Grant the user of the URL the right that is missing. ',
  },
  {
    numbers: [1418, 1419],
    code: 'TARGET_INVALID',
    hint: 'With a binary log, functions and triggers need SUPER, or log_bin_trust_function_creators = 1 (on RDS: in the parameter group). ',
  },
  {
    numbers: [1153, 1301, 3170],
    code: 'RESTORE_REFUSED',
    hint: 'Raise max_allowed_packet on the server (on RDS: in the parameter group). ',
  },
];

/** What says that the text or the data is wrong, not the server: SQLSTATE classes of syntax, data and constraints. */
const DAMAGE = /^(?:21|22|23|42)/;
/** The same, of errors that have no SQLSTATE of their own. */
const DAMAGE_NUMBERS = [
  1067, 1221, 1265, 1292, 1300, 1364, 1366, 1367, 1411, 1426, 1525, 3140, 3141, 3819, 4025,
];

/**
 * A statement that the server did not take.
 * @param begin its first words, for people
 * @returns `BACKUP_DAMAGED` where it is wrong in itself; `RESTORE_REFUSED` or `TARGET_INVALID` where the server is not
 * one for it; or `error` where something else is wrong.
 */
export function failedStatement(error: unknown, where: string, begin: string): unknown {
  if (!isServerError(error)) return error;
  const make = (code: ErrorCode, hint: string) =>
    new CofreError(code, `The server does not take ${where}: ${error.message.replace(/\.$/, '')}.`, {
      cause: error,
      hint: `Nothing was changed. ${hint}The statement begins with: ${begin}`,
    });
  const found = EXPLANATIONS.find(({ numbers }) => numbers.includes(error.errno));
  if (found) return make(found.code, found.hint);
  const isDamage = DAMAGE.test(error.sqlState) || DAMAGE_NUMBERS.includes(error.errno);
  return isDamage ? make('BACKUP_DAMAGED', '') : error;
}

/** The words that a statement begins with, on one line, without values of rows. */
export function beginOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 100))
    .toString('utf8')
    .replaceAll(/\s+/g, ' ')
    .replace(/\ufffd+$/, '')
    .replace(/^((?:INSERT|REPLACE) .*? VALUES?\b).*/i, '$1 …');
}

/** A value would not be what it is in the dump. */
export function changedValue(table: string, message: string): CofreError {
  return new CofreError('RESTORE_REFUSED', `The server would change values of table ${table}: ${message}.`, {
    hint: 'Nothing was changed. Restore into a server of the kind and version that the backup was made on.',
  });
}

/** @throws {CofreError} `RESTORE_REFUSED` for a statement that the server would hang up on */
export function requireSize(bytes: Uint8Array, limit: number, { flavor }: ServerFacts): void {
  if (bytes.byteLength < limit) return;
  const name = flavor === 'mysql' ? 'MySQL' : 'MariaDB';
  throw new CofreError(
    'RESTORE_REFUSED',
    `The dump has a statement of ${bytes.byteLength} bytes, and this ${name} server takes ${limit} at most (max_allowed_packet).`,
    { hint: 'Nothing was changed. Raise max_allowed_packet on the server (on RDS: in the parameter group).' },
  );
}
