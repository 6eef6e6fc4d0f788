import { CofreError } from '../../../errors.ts';
import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { counts } from '../../sql/load/counts.ts';
import { passedOn, unwrapping } from '../../sql/load/passed-on.ts';
import { openScript } from '../load/script.ts';
import type { PgSession } from '../wire/connect.ts';
import { explaining } from '../wire/failures.ts';
import { type ConnectionSettings, nameOf, parseUrl } from '../wire/url.ts';
import { createLike } from './create.ts';
import { type DatabaseFacts, readDatabase, readOwnDatabase } from './database.ts';
import { exchangeDatabases, orAborted } from './exchange.ts';
import { type Filling, fill, reportLoad, requireFitting } from './fill.ts';
import { wasCommitted } from './outcome.ts';
import { requireSwappable } from './permission.ts';
import { keptName } from './replaced.ts';
import { onServer, withScratch } from './scratch.ts';
import { copySettings } from './settings.ts';
import { createDatabase, type DatabaseLocale, renameDatabase } from './temporary.ts';

export interface SwapLimits {
  /** How long to wait for other sessions to leave, ms. */
  readonly lockWaitMs: number;
  /** Connections that load at the same time, where the options say nothing. */
  readonly jobs: number;
}

/**
 * Loads into a new database beside the target, over several connections, and then lets the two change places: see
 * `exchangeDatabases`. What was there is kept as `NAME_before_<time>`. What belongs to the target as a whole (owner,
 * rights, settings, comment) goes over to the new one.
 * @throws {CofreError} `RESTORE_REFUSED` where that cannot be done here, `BACKUP_DAMAGED`, `TARGET_BUSY`,
 * `TARGET_INVALID`, `NO_SPACE`
 */
export async function loadSwapped(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: SwapLimits,
  options: LoadOptions = {},
): Promise<LoadResult> {
  return await loading(url, input, context, limits, options, async (filling, settings, failing) => {
    const { signal } = failing;
    const old = await onServer(settings, signal, async (session) => {
      const found = await readTarget(session, settings);
      await requireSwappable(session, found);
      await requireFitting(session, filling);
      return found;
    });
    const create = (session: PgSession, name: string) => createLike(session, name, old);
    return await withScratch(settings, context, create, async (scratch) => {
      const result = await fill(scratch, filling, context, failing);
      const warnings = await putInPlace(settings, scratch.database, context, limits, options);
      return { ...result, warnings: [...result.warnings, ...warnings] };
    });
  });
}

/**
 * The same for a target that does not exist: a new database gets the name once it is whole, if it is still free.
 * @throws {CofreError} as `loadSwapped`
 */
export async function loadBeside(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: SwapLimits,
  options: LoadOptions = {},
  locale: DatabaseLocale = {},
): Promise<LoadResult> {
  return await loading(url, input, context, limits, options, async (filling, settings, failing) => {
    await onServer(settings, failing.signal, (session) => requireFitting(session, filling));
    const create = (session: PgSession, name: string) => createDatabase(session, name, locale);
    return await withScratch(settings, context, create, async (scratch) => {
      const result = await fill(scratch, filling, context, failing);
      context.report({ phase: 'install' });
      await orAborted(
        passedOn(() => context.fence()),
        context.signal,
      );
      await takeName(settings, scratch.database, context.signal);
      return result;
    });
  });
}

/** From here on, an abort has no effect: it could only hide what was done. */
async function takeName(settings: ConnectionSettings, scratch: string, signal: AbortSignal): Promise<void> {
  await onServer(settings, new AbortController().signal, async (session) => {
    const { oid } = await readOwnDatabase(session.client, scratch);
    signal.throwIfAborted();
    try {
      await renameDatabase(session, scratch, settings.database);
    } catch (error) {
      const outcome = { name: settings.database, oid, sign: 'the database is there' };
      if (error instanceof CofreError || !(await wasCommitted(settings, outcome, session.backend)))
        throw error;
    }
  });
}

/** Opens the dump; whatever fails, the error is that of who has caused it. */
export async function loading(
  url: string,
  input: LoadInput,
  context: EngineContext,
  { jobs }: SwapLimits,
  options: LoadOptions,
  work: (filling: Filling, settings: ConnectionSettings, failing: AbortController) => Promise<LoadResult>,
): Promise<LoadResult> {
  const settings = parseUrl(url);
  const { signal } = context;
  signal.throwIfAborted();
  const failing = new AbortController();
  const onAbort = () => failing.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const rows = counts();
  const open = () => openScript(input, failing.signal, (bytes) => reportLoad(context, input, rows, bytes));
  const run = async () => {
    const script = await open();
    const filling = { script, input, options, jobs: options.jobs ?? jobs, counts: rows };
    try {
      return await work(filling, settings, failing);
    } finally {
      await script.close();
    }
  };
  try {
    return await unwrapping(() => explaining('target', settings, signal, run));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The target as it is now: its settings may have changed during the load. */
async function putInPlace(
  settings: ConnectionSettings,
  scratch: string,
  context: EngineContext,
  { lockWaitMs }: SwapLimits,
  { terminateConnections = false }: LoadOptions,
): Promise<string[]> {
  context.report({ phase: 'install' });
  const of = settings.database;
  const { exchange, warnings } = await onServer(settings, context.signal, async (session) => {
    const old = await readTarget(session, settings);
    const fresh = await readOwnDatabase(session.client, scratch);
    const warnings = await copySettings(session.client, scratch, old);
    const at = context.clock.now();
    const { rows } = await session.client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const name = keptName(of, 'before', at, new Set(rows.map(({ datname }) => datname)));
    const comment = old.comment ?? undefined;
    const leaving = { name, of, fate: 'before', at, comment, oid: old.oid } as const;
    return { exchange: { leaving, coming: { name: scratch, oid: fresh.oid, comment } }, warnings };
  });
  await exchangeDatabases(settings, exchange, context, { lockWaitMs, terminateConnections });
  return [...warnings, `What was in ${of} before is kept as ${exchange.leaving.name}.`];
}

async function readTarget({ client }: PgSession, settings: ConnectionSettings): Promise<DatabaseFacts> {
  const found = await readDatabase(client, settings.database);
  if (found) return found;
  throw new CofreError('TARGET_INVALID', `There is no database ${nameOf(settings)} to be replaced.`, {
    hint: 'It was dropped or renamed meanwhile. Check who did it, then try again.',
  });
}
