import { toCofreError } from './errors.ts';

/** What a store answers; `undefined` for an object that there is not, or that somebody deleted meanwhile. */
export async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (toCofreError(error).code === 'STORE_NOT_FOUND') return undefined;
    throw error;
  }
}
