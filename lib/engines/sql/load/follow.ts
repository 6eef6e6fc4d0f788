/** A signal that follows another one until it is told to stop: then an abort comes too late. */
export interface Following extends Disposable {
  readonly signal: AbortSignal;
  stop(): void;
}

export function follow(leader: AbortSignal): Following {
  const follower = new AbortController();
  const onAbort = () => follower.abort(leader.reason);
  leader.addEventListener('abort', onAbort, { once: true });
  if (leader.aborted) onAbort();
  const stop = () => leader.removeEventListener('abort', onAbort);
  return { signal: follower.signal, stop, [Symbol.dispose]: stop };
}

/** Fires when `signal` does, and when a connection is lost. */
export function orLost(signal: AbortSignal, lost: Promise<never>): AbortSignal {
  const controller = new AbortController();
  lost.catch((error) => controller.abort(error));
  return AbortSignal.any([signal, controller.signal]);
}
