import type { Clock } from '../../lib/clock.ts';

/** A clock that a test sets. `sleep` passes the time at once. */
export interface FakeClock extends Clock {
  set(time: Date | string): void;
  advance(ms: number): void;
}

export const DAY_MS = 86_400_000;

export function fakeClock(start: Date | string): FakeClock {
  let now = new Date(start).getTime();
  const advance = (ms: number) => {
    now += ms;
  };
  return {
    now: () => new Date(now),
    sleep: async (ms) => advance(ms),
    set: (time) => {
      now = new Date(time).getTime();
    },
    advance,
  };
}

/** The real time, so many days on. */
export function clockAhead(days: number): Clock {
  return { now: () => new Date(Date.now() + days * DAY_MS), sleep: async () => {} };
}
