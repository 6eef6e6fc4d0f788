import { CofreError, type ErrorCode } from '../../../errors.ts';
import type { Statement } from '../script/items.ts';
import { isServerError } from '../wire/failures.ts';

/**
 * Classes and codes that say that the text or the data is wrong, not the server (manual, Appendix A): wrong data,
 * broken constraint, syntax and names, limits. A right that is missing is of class 42, too.
 */
const DAMAGE = /^(?:22|23|2BP01|42(?!501)|54|P0)/;

/**
 * A statement, or the rows after it, that the server did not take.
 * @returns `BACKUP_DAMAGED`, or `TARGET_INVALID` for a right that is missing, with the place in the dump; or `error` where something else is wrong.
 */
export function failedStatement(error: unknown, { bytes, line }: Statement): unknown {
  if (!isServerError(error)) return error;
  const why = [error.message, error.detail, error.where?.split('\n')[0]].filter(Boolean).join('; ');
  const begin = bytes.toString('utf8', 0, 80).replaceAll(/\s+/g, ' ');
  const make = (code: ErrorCode, hint: string) =>
    new CofreError(code, `The server does not take line ${line} of the dump: ${why}.`, {
      cause: error,
      hint: `Nothing was changed. ${hint}The statement begins with: ${begin}`,
    });
  if (error.code === FORBIDDEN) return make('TARGET_INVALID', LEAVE_OUT);
  if (EXISTS.test(error.code)) return make('TARGET_INVALID', 'It is something that could not be cleared. ');
  return DAMAGE.test(error.code) ? make('BACKUP_DAMAGED', '') : error;
}

/** insufficient_privilege. */
const FORBIDDEN = '42501';
const LEAVE_OUT =
  'Connect as a superuser or as a member of the roles concerned, or leave them out with --no-owner and --no-privileges. ';
/** duplicate_object, duplicate_schema, duplicate_table, duplicate_function. */
const EXISTS = /^42(?:710|P06|P07|723)$/;
