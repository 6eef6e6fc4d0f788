import { CofreError, isErrorCode, toCofreError } from '../lib/errors.ts';

/** What Lambda tells of a function that threw (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). */
export interface FunctionFailure {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/**
 * A handler whose errors reach whoever invoked it: as error type the code, as message the message and, on the next line,
 * the hint. A cause stays behind: Lambda logs all that is thrown, and a cause may quote a URL with its password.
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
  const error = new Error(hint === undefined ? message : `${message}\n${hint}`);
  error.name = code;
  return error;
}

/** The inverse: the error that the function threw; `INTERNAL` for one that is not ours, such as a timeout. */
export function fromTold({ errorType = '', errorMessage = 'no message' }: FunctionFailure): CofreError {
  if (!isErrorCode(errorType)) return new CofreError('INTERNAL', `The function failed: ${errorMessage}`);
  const [message = '', ...hint] = errorMessage.split('\n');
  return new CofreError(errorType, message, hint.length === 0 ? {} : { hint: hint.join('\n') });
}
