import { setTimeout as sleep } from 'node:timers/promises';
import { CofreError } from '../../../errors.ts';
import type { EngineContext } from '../../engine.ts';
import { passedOn } from '../../sql/load/passed-on.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';
import { evictFrom, occupants, occupied } from './occupants.ts';
import { type Outcome, wasCommitted } from './outcome.ts';
import { commenting, type Kept, marking } from './replaced.ts';
import { onServer } from './scratch.ts';

/** Two databases that change places: one leaves the name `leaving.of` and gets another, the other takes it. */
export interface Exchange {
  readonly leaving: Kept;
  readonly coming: { readonly name: string; readonly oid: number; readonly comment: string | undefined };
}

export interface ExchangeLimits {
  /** How long to wait for others to leave, ms. */
  readonly lockWaitMs: number;
  readonly terminateConnections: boolean;
}

/** Between attempts, ms. */
const EVERY_MS = 100;

/** How long the server itself waits for sessions to leave while it keeps new ones out, ms (procarray.c). */
const ATTEMPT_MS = 5_000;

/** object_in_use; query_canceled, here by statement_timeout alone. */
const IN_USE = /^(?:55006|57014)$/;

/**
 * Renames both in one transaction, when nobody is connected to either. From the first rename until the end, whoever
 * wants to connect waits in the server, and is then told that the database was just renamed; the next attempt finds
 * the other one. There is no moment at which the name is free, and nothing that a killed process could leave behind.
 * The fence is called right before the commit; an abort after that has no effect.
 * @throws {CofreError} `TARGET_BUSY` naming the sessions that stay
 */
export async function exchangeDatabases(
  settings: ConnectionSettings,
  exchange: Exchange,
  context: EngineContext,
  limits: ExchangeLimits,
): Promise<void> {
  const { signal } = context;
  let isCommitting = false;
  // The signal must not cut the connection while the commit runs.
  await onServer(settings, new AbortController().signal, async (session) => {
    const stop = () => void (isCommitting || session.close());
    signal.addEventListener('abort', stop, { once: true });
    try {
      await persist(session, settings, exchange, context, limits);
      signal.throwIfAborted();
      isCommitting = true;
      await Promise.race([session.client.query('COMMIT'), session.lost]);
    } catch (error) {
      if (!isCommitting) signal.throwIfAborted();
      else if (await wasCommitted(settings, outcomeOf(exchange), session.backend)) return;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  });
}

function outcomeOf({ leaving, coming }: Exchange): Outcome {
  return { name: leaving.of, oid: coming.oid, sign: `there is a database ${leaving.name}` };
}

/** Tries until all is ready to be committed, or the time is over. */
async function persist(
  session: PgSession,
  settings: ConnectionSettings,
  exchange: Exchange,
  context: EngineContext,
  { lockWaitMs, terminateConnections }: ExchangeLimits,
): Promise<void> {
  const { signal } = context;
  const oids = [exchange.leaving.oid, exchange.coming.oid];
  const until = performance.now() + lockWaitMs;
  await using opened = new AsyncDisposableStack();
  const evictor = terminateConnections ? opened.use(await evictFrom(settings, oids, signal)) : undefined;
  for (;;) {
    signal.throwIfAborted();
    const present = await occupants(session.client, oids);
    const left = Math.ceil(until - performance.now());
    const isWorthIt = present.length === 0 || evictor !== undefined;
    if (isWorthIt && (await rename(session, exchange, Math.max(EVERY_MS, Math.min(left, ATTEMPT_MS))))) break;
    if (left <= 0) {
      const staying = await occupants(session.client, oids);
      throw occupied(settings, staying.length > 0 ? staying : present, lockWaitMs, evictor?.refusal);
    }
    await sleep(EVERY_MS, undefined, { signal });
  }
  await orAborted(
    passedOn(() => context.fence()),
    signal,
  );
}

/** Both renames and the marks, not yet committed. @returns `false` when somebody is connected */
async function rename(session: PgSession, exchange: Exchange, ms: number): Promise<boolean> {
  const { client } = session;
  const { leaving, coming } = exchange;
  await client.query(`BEGIN; SET LOCAL statement_timeout = ${ms}; SET LOCAL synchronous_commit = on`);
  try {
    await requireSame(session, exchange);
    await client.query(renaming(leaving.of, leaving.name));
    await client.query(renaming(coming.name, leaving.of));
    await client.query(marking(leaving));
    await client.query(commenting(leaving.of, coming.comment));
    await client.query('SET LOCAL statement_timeout = 0');
    return true;
  } catch (error) {
    if (!isServerError(error) || !IN_USE.test(error.code)) throw error;
    await client.query('ROLLBACK');
    return false;
  }
}

function renaming(from: string, to: string): string {
  return `ALTER DATABASE ${quoteIdent(from)} RENAME TO ${quoteIdent(to)}`;
}

/** Somebody else may have put another database into the place since we looked. */
async function requireSame({ client, settings }: PgSession, { leaving }: Exchange): Promise<void> {
  const { rows } = await client.query('SELECT oid FROM pg_database WHERE datname = $1', [leaving.of]);
  if (rows[0]?.['oid'] === leaving.oid) return;
  const database = nameOf({ ...settings, database: leaving.of });
  throw new CofreError('TARGET_BUSY', `${database} was renamed or dropped by someone else meanwhile.`, {
    hint: 'Nothing was changed. Check who did it, then try again.',
  });
}

/** What `work` gives, unless the signal fires before. */
export async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
