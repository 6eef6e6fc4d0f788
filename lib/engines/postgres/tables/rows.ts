import { CofreError } from '../../../errors.ts';
import type { EngineContext, TablesInput } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import { type CopyFrame, readCopyFrame } from '../script/copy-frame.ts';
import { parseName, sqlName } from '../script/names.ts';
import type { PgSession } from '../wire/connect.ts';
import { copyWhole } from '../wire/copy-whole.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { misfit } from './misfits.ts';
import type { PlannedTable } from './plan.ts';

/** Where the rows of a planned table go. */
export interface Destination {
  readonly planned: PlannedTable;
  /** SQL name of the table that gets them. */
  readonly into: string;
  /** It was there before, so that its columns may have changed since the backup. */
  readonly isLive: boolean;
  /** Asked before rows with these columns are copied; throws when they do not fit. */
  readonly accept: (columns: readonly string[]) => void;
}

/**
 * Reads the frames of all destinations once, and copies each to those that want it.
 * @throws {CofreError} `BACKUP_DAMAGED` when rows are missing, too many, or not what was asked for
 */
export async function copyRows(
  session: PgSession,
  destinations: readonly Destination[],
  input: TablesInput,
  context: EngineContext,
): Promise<void> {
  const takers = takersOf(destinations);
  const wanted = input.known.filter(({ name }) => takers.has(keyOf(name)));
  const left = new Map(wanted.map(({ name, rows }) => [keyOf(name), rows]));
  const asked = wanted.map(({ name }) => name);
  let [rows, bytes] = [0, 0];
  for await (const frame of asked.length > 0 ? untilAborted(input.read('data', asked), context.signal) : []) {
    const block = readCopyFrame(frame);
    const still = (left.get(block.table) ?? 0) - block.rows;
    if (still < 0) throw damaged(`It gave more rows of ${block.name} than it has.`);
    left.set(block.table, still);
    for (const taker of takers.get(block.table) ?? []) await copyBlock(session, block, taker);
    rows += block.rows;
    bytes += frame.bytes.length;
    context.report({ phase: 'load', table: block.name, rows, bytes });
    frame.release?.();
  }
  const short = wanted.find(({ name }) => left.get(keyOf(name)) !== 0);
  if (short)
    throw damaged(`Of the ${short.rows} rows of ${short.name}, ${left.get(keyOf(short.name))} are missing.`);
}

/** By table of the dump, named as `sqlName` does. */
function takersOf(destinations: readonly Destination[]): Map<string, Destination[]> {
  const takers = new Map<string, Destination[]>();
  for (const destination of destinations) {
    for (const source of destination.planned.sources) {
      const key = keyOf(source);
      takers.set(key, [...(takers.get(key) ?? []), destination]);
    }
  }
  return takers;
}

async function copyBlock(
  session: PgSession,
  { columns, rows, data }: CopyFrame,
  { planned, into, isLive, accept }: Destination,
): Promise<void> {
  accept(columns);
  const list = columns.length > 0 ? ` (${columns.map(quoteIdent).join(', ')})` : '';
  const copied = await copyWhole(session, `COPY ${into}${list} FROM stdin`, data).catch((error) => {
    throw misfit(error, planned.name, isLive);
  });
  if (copied !== rows) throw damaged(`A frame of ${planned.name} has ${copied} rows instead of ${rows}.`);
}

function keyOf(name: string): string {
  return sqlName(parseName(name));
}

function damaged(why: string): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The backup is damaged. ${why}`, {
    hint: 'Nothing was changed. Check the backup with `cofre verify`, and use another one.',
  });
}
