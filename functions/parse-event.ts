import type { z } from 'zod';
import { CofreError } from '../lib/errors.ts';

/** @throws {CofreError} `USAGE`, which names the field and never a value */
export function parseEvent<S extends z.ZodType>(schema: S, event: unknown): z.infer<S> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the event';
  throw new CofreError('USAGE', `The event is not valid: ${field}: ${issue?.message ?? 'not as expected'}.`, {
    hint: 'docs/deploy.md shows what each function takes.',
  });
}
