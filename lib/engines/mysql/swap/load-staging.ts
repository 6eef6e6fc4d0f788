import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { type Counts, counts, resultOf } from '../../sql-load/counts.ts';
import { orLost } from '../../sql-load/follow.ts';
import { passedOn } from '../../sql-load/passed-on.ts';
import { type MysqlSession, openSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { openFeed } from '../load/feed.ts';
import { flavorOf, requireNoMisfits } from '../load/misfits.ts';
import { notes } from '../load/notes.ts';
import { readTarget } from '../load/target.ts';
import { fill } from './fill.ts';
import { makePlan } from './make-plan.ts';
import type { SwapNames } from './names.ts';
import type { SwapPlan } from './plan.ts';
import { createSchema, readSchema } from './schemas.ts';

export interface LoadLimits {
  /** How long to wait for other sessions' locks, ms. */
  readonly lockWaitMs: number;
  /** Connections that load at the same time, where the options say nothing. */
  readonly jobs: number;
}

/** A load beside its target. */
export interface StagedLoad {
  readonly settings: ConnectionSettings;
  readonly input: LoadInput;
  readonly context: EngineContext;
  readonly limits: LoadLimits;
  readonly options: LoadOptions;
  readonly names: SwapNames;
  /** Holds the maker's lock; on no database. */
  readonly session: MysqlSession;
}

/** What is loaded, checked, and ready to take the target's place; nothing of that was touched. */
export interface Staged {
  readonly plan: SwapPlan;
  readonly result: LoadResult;
}

/** Returns with the fence passed. */
export async function loadStaging(load: StagedLoad, signal: AbortSignal): Promise<Staged> {
  const { settings, input, context, limits, options, names, session } = load;
  const failing = new AbortController();
  const rows = counts();
  const onBytes = (bytes: number) => report(context, input, rows, bytes);
  const stop = AbortSignal.any([orLost(signal, session.lost), failing.signal]);
  await using feed = await openFeed(input, stop, onBytes);
  const target = await readTarget(session);
  const source = flavorOf(feed.beginning, input.expected?.details?.['flavor']);
  requireNoMisfits(feed.head, session.server, target, source);
  const live = await readSchema(session, settings.database);
  await createSchema(session, names.staging, live, settings);
  await createSchema(session, names.old, undefined, settings);
  const noted = notes();
  const filling = {
    feed,
    input,
    counts: rows,
    notes: noted,
    target,
    options,
    jobs: options.jobs ?? limits.jobs,
  };
  const staging = { ...settings, database: names.staging };
  await fill(staging, filling, context, stop, (error) => failing.abort(error));
  const plan = await planOf(load, live !== undefined, noted.events, stop);
  await passFence(context);
  const scheduler = schedulerWarnings(noted.events, target.schedulerIsOn);
  return { plan, result: resultOf(rows, [...feed.warnings, ...noted.warnings, ...scheduler]) };
}

async function planOf(
  { settings, names, session, limits }: StagedLoad,
  exists: boolean,
  events: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<SwapPlan> {
  await using opened = new AsyncDisposableStack();
  const open = async (database: string) => {
    const options = { role: 'target', purpose: 'load', signal } as const;
    const one = opened.use(await openSession({ ...settings, database }, options));
    await one.run(`SET SESSION lock_wait_timeout = ${Math.max(1, Math.ceil(limits.lockWaitMs / 1_000))}`);
    return one;
  };
  const { database } = settings;
  const live = exists ? await open(database) : undefined;
  return await makePlan({ names, database, live, staging: await open(names.staging), session, events });
}

/** From here on the target changes. @throws what the fence throws, marked by passedOn; the signal's reason */
async function passFence(context: EngineContext): Promise<void> {
  context.report({ phase: 'install' });
  context.signal.throwIfAborted();
  await passedOn(() => context.fence());
  context.signal.throwIfAborted();
}

function report(context: EngineContext, { expected }: LoadInput, { rows }: Counts, bytes: number): void {
  context.report({ phase: 'load', rows, bytes, ...(expected && { totalBytes: expected.rawSize }) });
}

function schedulerWarnings(events: ReadonlyMap<string, string>, isOn: boolean): string[] {
  const enabled = [...events.values()].filter((status) => status === 'ENABLE').length;
  if (enabled === 0 || isOn) return [];
  return [
    `The event scheduler of the server is off (event_scheduler): ${enabled} enabled events of the backup are there, but do not run.`,
  ];
}
