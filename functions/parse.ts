import type { z } from 'zod';
import { CofreError } from '../lib/errors.ts';

/**
 * `given` as its schema has it.
 * @param what it is, for the message: `event`, `request`
 * @throws {CofreError} `USAGE`, which names the field and never a value
 */
export function parse<S extends z.ZodType>(
  schema: S,
  given: unknown,
  what: string,
  hint: string,
): z.infer<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || `the ${what}`;
  const message = `The ${what} is not valid: ${field}: ${issue?.message ?? 'not as expected'}.`;
  throw new CofreError('USAGE', message, { hint });
}
