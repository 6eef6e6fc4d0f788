import type { Backup } from '../types.ts';

/** Id of the element with a backup's time; it describes the buttons of the row, which all read alike. */
export function whenId({ id }: Backup): string {
  return `when-${id}`;
}
