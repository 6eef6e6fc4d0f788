import type { ServerError } from './failures.ts';

/** The fields of an ErrorResponse that we show (manual, 55.8). */
const FIELDS: Readonly<Record<string, 'code' | 'message' | 'detail' | 'hint' | 'where'>> = {
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  W: 'where',
};

/** The error in the body of an ErrorResponse. */
export function serverError(body: Buffer): ServerError {
  const found: Record<string, string> = {};
  for (const field of body.toString('utf8').split('\0')) {
    const name = FIELDS[field.charAt(0)];
    if (name) found[name] = field.slice(1);
  }
  const { message, code = '', ...rest } = found;
  return Object.assign(new Error(message), { code, ...rest });
}
