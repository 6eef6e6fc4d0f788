import { CofreError } from './errors.ts';

/**
 * `value`, which is there by what the code around knows and the compiler does not: a row of a query that always has one, a
 * part of a pattern that has matched. To be used where the code cannot be written so that the compiler knows it, too.
 * @param what it is, for the message
 * @throws {CofreError} `INTERNAL` when it is not there
 */
export function known<T>(value: T | null | undefined, what: string): T {
  if (value !== undefined && value !== null) return value;
  throw new CofreError('INTERNAL', `${what} is missing, which cannot be.`, {
    hint: 'This is a fault of Cofre: please report it, with this message.',
  });
}
