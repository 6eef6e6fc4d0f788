/**
 * The same items, but throws the signal's reason as soon as it fires, even while the source is silent. Leaving early
 * closes the source; one that we stopped waiting for may never answer, so it is told, not awaited.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const fired = Promise.withResolvers<never>();
  fired.promise.catch(() => {}); // Nobody may be waiting when it fires.
  const onAbort = () => fired.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let answered = true;
  try {
    for (;;) {
      answered = false;
      const next = await Promise.race([fired.promise, iterator.next()]);
      answered = true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    const closed = Promise.resolve(iterator.return?.()).catch(() => {});
    if (answered) await closed;
  }
}
