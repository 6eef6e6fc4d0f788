import type { Clock } from '../../lib/clock.ts';

export interface FastClock extends Clock {
  /** Fires when the clock's end is reached. */
  readonly signal: AbortSignal;
}

/**
 * A clock whose sleeps take no time: once all of its `sleepers` sleep, it jumps to when the first of them wakes. While
 * anybody works, it stands still.
 */
export function fastClock(from: string, to: string, sleepers: number): FastClock {
  let now = Date.parse(from);
  const stop = new AbortController();
  let asleep: { until: number; wake: () => void }[] = [];
  const jump = () => {
    now = Math.min(...asleep.map((it) => it.until));
    if (now >= Date.parse(to)) stop.abort();
    const woken = asleep.filter((it) => it.until <= now || stop.signal.aborted);
    asleep = asleep.filter((it) => !woken.includes(it));
    for (const { wake } of woken) wake();
  };
  return {
    signal: stop.signal,
    now: () => new Date(now),
    sleep: (ms) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      asleep.push({ until: now + ms, wake: resolve });
      if (asleep.length >= sleepers) setImmediate(jump);
      return promise;
    },
  };
}
