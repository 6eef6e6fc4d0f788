import { setTimeout as sleep } from 'node:timers/promises';
import type { MysqlSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { watchBlockers } from './blockers.ts';
import { busy, type ExchangeLimits } from './busy.ts';

/** Whoever waits for tables keeps newcomers waiting behind it: so it is for a moment each time, s; and between, ms. */
const TRY_SECONDS = 3;
const PAUSE_MS = 300;

export interface Waiting {
  readonly session: MysqlSession;
  readonly settings: ConnectionSettings;
  readonly limits: ExchangeLimits;
  readonly signal: AbortSignal;
}

/** What a try came to: `busy` with the error when others are in the way. */
export type Tried<T> = { readonly result: T } | { readonly busy: unknown };

/**
 * Tries until it succeeds, or others have been in the way for too long.
 * @throws {CofreError} `TARGET_BUSY` naming them
 */
export async function untilFree<T>(
  { session, settings, limits, signal }: Waiting,
  attempt: (seconds: number) => Promise<Tried<T>>,
): Promise<T> {
  const { lockWaitMs, terminateConnections: terminate } = limits;
  const waiting = [session.threadId];
  const watch = watchBlockers({ settings, waiting, database: settings.database, terminate, signal });
  const until = performance.now() + lockWaitMs;
  try {
    for (;;) {
      signal.throwIfAborted();
      const left = Math.ceil((until - performance.now()) / 1_000);
      const tried = await attempt(Math.max(1, Math.min(left, TRY_SECONDS)));
      if ('result' in tried) return tried.result;
      if (performance.now() >= until) throw busy(settings, limits, watch.seen(), tried.busy);
      await sleep(PAUSE_MS, undefined, { signal });
    }
  } finally {
    await watch.stop();
  }
}
