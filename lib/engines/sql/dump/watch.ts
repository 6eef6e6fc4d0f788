/** A connection that tells when it is lost. */
export interface Losable {
  /** Rejects when the connection is lost; never resolves. */
  readonly lost: Promise<never>;
}

/** Tells at once when something that a dump stands on is gone. */
export interface Watch {
  /** Rejects with the first failure; handled, so it may be left alone. */
  readonly failed: Promise<never>;
  /** The first one counts. */
  fail(error: unknown): void;
  /** Waits for `work`, but not longer than nothing has failed. */
  over<T>(work: Promise<T>): Promise<T>;
}

/** Watches the connections and the signal; `onFailure` is called once. */
export function watchOver(
  sessions: readonly Losable[],
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Watch {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let first = true;
  const fail = (error: unknown) => {
    if (!first) return;
    first = false;
    signal.removeEventListener('abort', onAbort);
    onFailure(error);
    reject(error);
  };
  const onAbort = () => fail(signal.reason);
  failed.catch(() => {});
  signal.addEventListener('abort', onAbort, { once: true });
  for (const { lost } of sessions) lost.catch(fail);
  return { failed, fail, over: (work) => Promise.race([failed, work]) };
}
