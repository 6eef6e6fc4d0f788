import type { LoadResult } from '../../engine.ts';
import { openSession } from '../connection/connect.ts';
import { type Loading, openDump, passFence } from '../load/open-dump.ts';
import { createSchema, readSchema } from '../schema/schemas.ts';
import { makePlan } from './make-plan.ts';
import { requireMovable } from './movable.ts';
import type { SwapNames } from './names.ts';
import type { SwapPlan } from './plan.ts';

/** A load beside its target; its session holds the maker's lock. */
export interface StagedLoad extends Loading {
  readonly names: SwapNames;
}

/** What is loaded, checked, and ready to take the target's place; nothing of that was touched. */
export interface Staged {
  readonly plan: SwapPlan;
  readonly result: LoadResult;
}

/** Returns with the fence passed. */
export async function loadStaging(load: StagedLoad, signal: AbortSignal): Promise<Staged> {
  const { settings, context, names, session } = load;
  // First of all: what cannot be done is said before the backup is read.
  const live = await readSchema(session, settings.database);
  await requireMovable(session, settings.database);
  await createSchema(session, names.staging, live, settings);
  await createSchema(session, names.old, undefined, settings);
  await using dump = await openDump(load, signal);
  await dump.fill({ ...settings, database: names.staging });
  const plan = await planOf(load, live !== undefined, dump.notes.events, dump.signal);
  await passFence(context);
  return { plan, result: dump.result() };
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
