import { setTimeout as sleep } from 'node:timers/promises';
import { type Blocker, findBlockers } from '../wire/blockers.ts';
import { openSession, type PgSession } from '../wire/connect.ts';

/** How they are looked for. */
export interface Watching {
  /** End the sessions that are in the way. */
  readonly terminate: boolean;
  readonly signal: AbortSignal;
}

export interface Blockers {
  /** Those seen last. */
  readonly sessions: readonly Blocker[];
  /** Why one could not be ended. */
  readonly refusal: string | undefined;
}

export interface BlockerWatch {
  seen(): Promise<Blockers>;
  stop(): Promise<void>;
}

/** A wait shorter than the first is no wait; then how often to look, ms. */
const FIRST_MS = 150;
const EVERY_MS = 400;

/**
 * Looks from a second connection whom the session waits for, as the server forgets that once the wait is given up; and
 * ends them when told to.
 */
export function watchBlockers(session: PgSession, { terminate, signal }: Watching): BlockerWatch {
  const stopped = new AbortController();
  let sessions: readonly Blocker[] = [];
  let refusal: string | undefined;

  async function look(observer: PgSession): Promise<void> {
    const found = await findBlockers(observer.client, session.backend);
    if (found.length > 0) sessions = found;
    if (!terminate) return;
    for (const { pid } of found) refusal = (await end(observer, pid)) ?? refusal;
  }

  async function watch(): Promise<void> {
    await sleep(FIRST_MS, undefined, { signal: stopped.signal });
    await using observer = await openSession(session.settings, { role: 'target', purpose: 'load', signal });
    for (;;) {
      await look(observer);
      await sleep(EVERY_MS, undefined, { signal: stopped.signal });
    }
  }

  // It only tells more of a failure: without a second connection, that is told without names.
  const watching = watch().catch(() => {});
  return {
    seen: async () => ({ sessions, refusal }),
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

async function end({ client }: PgSession, pid: number): Promise<string | undefined> {
  if (pid === 0) return 'a prepared transaction has to be ended by ROLLBACK PREPARED (see pg_prepared_xacts)';
  try {
    await client.query('SELECT pg_catalog.pg_terminate_backend($1)', [pid]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
