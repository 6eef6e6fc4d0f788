import { CofreError } from '../../../errors.ts';

/** The dump was read to its end, and is not what its manifest says. */
export function notAsExpected(differences: readonly string[]): CofreError {
  const shown = differences.slice(0, 3).join('; ');
  const more = differences.length > 3 ? `; and ${differences.length - 3} more differences` : '';
  return new CofreError('BACKUP_DAMAGED', `The backup is not what its manifest says: ${shown}${more}.`, {
    hint: 'The target is untouched. Use another backup; `cofre list` shows them.',
  });
}
