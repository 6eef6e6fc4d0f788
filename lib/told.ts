import { CofreError, isErrorCode, toCofreError } from './errors.ts';

/** What Lambda tells of a function that threw (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). */
export interface FunctionFailure {
  readonly errorMessage?: string;
}

/**
 * A handler whose errors reach whoever invoked it: code, message and, on a line of its own, the hint, as text, which is
 * all that Lambda passes on. A cause stays behind: Lambda logs what is thrown, and a cause may quote a URL with its
 * password.
 */
export function told<Args extends unknown[], T>(handler: (...args: Args) => Promise<T>) {
  return async (...args: Args): Promise<T> => {
    try {
      return await handler(...args);
    } catch (error) {
      throw toldOf(error);
    }
  };
}

function toldOf(thrown: unknown): Error {
  const { code, message, hint } = toCofreError(thrown);
  const error = new Error(`${code}: ${message}${hint === undefined ? '' : `\n${hint}`}`);
  error.name = code;
  return error;
}

/** The inverse: the error that the function threw; `INTERNAL` for one that is not ours, such as a timeout. */
export function fromTold({ errorMessage = 'it gave no reason' }: FunctionFailure): CofreError {
  const [, code = '', message = '', hint] = /^([A-Z_]+): ([^\n]*)(?:\n(.*))?$/s.exec(errorMessage) ?? [];
  if (!isErrorCode(code)) return new CofreError('INTERNAL', `The function failed: ${errorMessage}`);
  return new CofreError(code, message, hint === undefined ? {} : { hint });
}
