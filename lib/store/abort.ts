import { CofreError } from '../errors.ts';

/** The error for a signal that fired; its reason is the cause. */
export function abortedError(signal: AbortSignal): CofreError {
  return new CofreError('ABORTED', 'The operation was aborted.', { cause: signal.reason });
}

/** @throws {CofreError} `ABORTED` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

/** Waits for `promise`, but no longer than until the signal fires. @throws {CofreError} `ABORTED` */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(abortedError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * The same chunks, but ends with `ABORTED` as soon as the signal fires, even while the source is silent. An error of
 * the source is thrown as it is, unless the signal had fired by then: the abort is then what went wrong.
 */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let waiting = false;
  try {
    for (;;) {
      waiting = true;
      const next = await nextOrAbort(iterator, signal);
      waiting = false;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Lets the source clean up. A source that we stopped waiting for may never answer: it is told, not awaited.
    const closed = Promise.resolve(iterator.return?.()).catch(() => {});
    if (!waiting) await closed;
  }
}

async function nextOrAbort<T>(iterator: AsyncIterator<T>, signal: AbortSignal | undefined) {
  throwIfAborted(signal);
  try {
    return await orAbort(iterator.next(), signal);
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}
