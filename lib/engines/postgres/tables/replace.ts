import type { EngineContext, TablesInput } from '../../engine.ts';
import { type Waiting, withLocked } from '../load/locks.ts';
import type { PgSession } from '../wire/connect.ts';
import type { Restored } from './beside.ts';
import { type ColumnCheck, columnCheck } from './columns.ts';
import { staleViews } from './dependents.ts';
import { dropForeignKeys, type ForeignKey, findForeignKeys, restoreForeignKeys } from './foreign-keys.ts';
import { findReplaced, type LivePart, partsOf, type Replaced } from './live-set.ts';
import { misfit } from './misfits.ts';
import type { PlannedTable } from './plan.ts';
import { copyRows } from './rows.ts';
import { advanceSequences, findSequences, holdSequences, type LiveSequence } from './sequences.ts';
import { disableTriggers, findTriggers, type LiveTrigger, restoreTriggers } from './triggers.ts';

/** What is live and has to do with the rows that are replaced. */
interface Surroundings {
  readonly replaced: readonly Replaced[];
  readonly parts: readonly LivePart[];
  readonly keys: readonly ForeignKey[];
}

/** Replaces all rows of the live tables. All else is as before: their columns, keys, triggers, and other tables. */
export async function replaceRows(
  session: PgSession,
  planned: readonly PlannedTable[],
  input: TablesInput,
  context: EngineContext,
  waiting: Waiting,
): Promise<Restored> {
  const around = await lockAll(session, planned, waiting);
  const triggers = await findTriggers(session, around.parts);
  const sequences = await findSequences(session, around.replaced);
  const checked: (Replaced & { readonly check: ColumnCheck })[] = [];
  for (const it of around.replaced) checked.push({ ...it, check: await columnCheck(session, it) });
  await withLocked(session, tablesOf(around), waiting, async () => {
    await holdSequences(session, sequences);
    await empty(session, around, triggers);
  });
  const destinations = checked.map(({ planned: it, live, check }) => ({
    planned: it,
    into: live.shown,
    isLive: true,
    accept: check.accept,
  }));
  await copyRows(session, destinations, input, context);
  const exhausted = await putBack(session, around, triggers, sequences);
  return {
    tables: around.replaced.map(({ planned: it, live }) => ({ planned: it, restoredAs: live.shown })),
    warnings: [
      ...checked.flatMap(({ check }) => check.warnings),
      ...exhausted,
      ...(await staleViews(session, around.parts)),
    ],
  };
}

/** Locks what is found, and looks again: until nothing new has come while we waited. */
async function lockAll(
  session: PgSession,
  planned: readonly PlannedTable[],
  waiting: Waiting,
): Promise<Surroundings> {
  for (let locked = ''; ; ) {
    const around = await look(session, planned);
    const wanted = tablesOf(around);
    if (JSON.stringify(wanted) === locked) return around;
    await withLocked(session, wanted, waiting, async () => {});
    locked = JSON.stringify(wanted);
  }
}

async function look(session: PgSession, planned: readonly PlannedTable[]): Promise<Surroundings> {
  const replaced = await findReplaced(session, planned);
  const parts = await partsOf(session, replaced);
  return { replaced, parts, keys: await findForeignKeys(session, parts) };
}

/** Those that we may lock: the server itself locks a table that is only referred to when its key goes. */
function tablesOf({ parts, keys }: Surroundings): string[] {
  const names = parts.map(({ shown }) => shown);
  for (const { table, refers, refersOwned } of keys) names.push(table, ...(refersOwned ? [refers] : []));
  return [...new Set(names)];
}

async function empty(
  session: PgSession,
  around: Surroundings,
  triggers: readonly LiveTrigger[],
): Promise<void> {
  const { replaced, keys } = around;
  await dropForeignKeys(session, keys);
  await disableTriggers(session, triggers);
  await setForced(session, around, 'NO FORCE');
  // Tables that inherit from a table keep their rows; those of a partitioned table are in its partitions.
  const names = replaced.map(({ live }) => (live.kind === 'p' ? live.shown : `ONLY ${live.shown}`));
  await session.client.query(`TRUNCATE ${names.join(', ')}`);
}

/** Returns warnings. */
async function putBack(
  session: PgSession,
  around: Surroundings,
  triggers: readonly LiveTrigger[],
  sequences: readonly LiveSequence[],
): Promise<string[]> {
  const { replaced, keys } = around;
  // Deferred unique constraints are checked now: a table with checks pending cannot be altered.
  await session.client.query('SET CONSTRAINTS ALL IMMEDIATE').catch((error) => {
    throw misfit(error, replaced.map(({ planned }) => planned.name).join(', '), true);
  });
  const warnings = await advanceSequences(session, sequences);
  await restoreForeignKeys(session, keys);
  await restoreTriggers(session, triggers);
  await setForced(session, around, 'FORCE');
  return warnings;
}

/** Neither COPY nor the check of a foreign key works where row-level security holds for the owner, too. */
async function setForced(
  { client }: PgSession,
  { parts, keys }: Surroundings,
  state: 'FORCE' | 'NO FORCE',
): Promise<void> {
  const own = parts.filter(({ forced }) => forced).map(({ shown }) => shown);
  for (const table of new Set([...own, ...keys.flatMap(({ forced }) => forced)])) {
    await client.query(`ALTER TABLE ${table} ${state} ROW LEVEL SECURITY`);
  }
}
