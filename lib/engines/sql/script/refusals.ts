import { CofreError } from '../../../errors.ts';

/** The file does not hold together; `why` completes "The dump …". */
export function damaged(why: string): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The dump ${why}.`, {
    hint: 'The target is untouched. Get the file again from where it came, or use another backup.',
  });
}

/** The file ends too early. */
export function cutShort(why: string): CofreError {
  return damaged(`is cut short: ${why}`);
}

/** The file is whole, and not for us. */
export function refused(message: string, hint: string): CofreError {
  return new CofreError('RESTORE_REFUSED', message, { hint: `${hint} Nothing was changed.` });
}
