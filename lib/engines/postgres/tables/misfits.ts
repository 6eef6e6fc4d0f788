import { CofreError } from '../../../errors.ts';
import { isServerError, type ServerError } from '../wire/failures.ts';
import { refused } from './target.ts';

/** SQLSTATEs of a type, collation, function, schema or table that a definition names and that is not there. */
const MISSING = ['42704', '42883', '3F000', '42P01'];

/** A definition needs what is there no longer: `RESTORE_REFUSED`; anything else stays as it is. */
export function missingThing(error: unknown, table: string): unknown {
  if (!isServerError(error) || !MISSING.includes(error.code)) return error;
  const hint = 'Make it again first, as it was, or restore the whole backup into another database.';
  return refused(`Table ${table} cannot be made here: ${error.message}.`, hint, error);
}

/** SQLSTATEs of rows that are no rows: bad_copy_file_format, character_not_in_repertoire. */
const BROKEN = ['22P04', '22021'];

/**
 * Why the server did not take rows. Where the types are the backup's own, values that it cannot read are damage; an
 * enum or domain, or a live table, may have changed since.
 */
export function misfit(error: unknown, table: string, isLive: boolean): unknown {
  if (!isServerError(error)) return error;
  if (BROKEN.includes(error.code) || (isUnreadable(error) && !isLive)) return damaged(error, table);
  if (!/^2[23]/.test(error.code)) return error;
  const where = isLive ? 'the live table' : 'the types that are there now';
  const hint = isLive
    ? 'Restore it beside the live table (without --replace) and copy what you need.'
    : 'Make the types as they were, or restore the whole backup into another database.';
  return refused(`The rows of ${table} do not fit ${where}: ${textOf(error)}.`, hint, error);
}

/** A value that its type cannot read: class 22, but for labels that an enum has lost. */
function isUnreadable(error: ServerError): boolean {
  return error.code.startsWith('22') && !isLostLabel(error);
}

/** By the function in the server's source that said so, as messages may be in any language. */
function isLostLabel(error: ServerError & { routine?: string }): boolean {
  return error.routine === 'enum_in';
}

function damaged(error: ServerError, table: string): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The rows of ${table} cannot be read: ${error.message}.`, {
    cause: error,
    hint: 'Nothing was changed. Check the backup with `cofre verify`, and use another one.',
  });
}

/** A row that breaks a rule: which one, and of which table. Its values stay out of logs and mails. */
function textOf(error: ServerError): string {
  const isRule = error.code.startsWith('23') || isLostLabel(error);
  return isRule ? error.message : error.message.replace(/: ".*/s, '');
}
