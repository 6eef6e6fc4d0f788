import { CofreError } from '../../../errors.ts';
import type { EngineContext, RawFrame, TablesInput } from '../../engine.ts';
import { type Counts, counts } from '../../sql/load/counts.ts';
import { orLost } from '../../sql/load/follow.ts';
import { passingOn } from '../../sql/load/passed-on.ts';
import { poolOf } from '../../sql/load/pool.ts';
import { damaged } from '../../sql/script/refusals.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { batchOfFrame, isOfRows } from '../load/batch.ts';
import type { Work } from '../load/feed.ts';
import { LARGE } from '../load/fill.ts';
import { requireNoMisfits } from '../load/misfits.ts';
import { notes } from '../load/notes.ts';
import { runWorks } from '../load/run-works.ts';
import { openLoaders } from '../load/sessions.ts';
import { readTarget } from '../load/target.ts';
import { scriptReader } from '../script/script.ts';
import { standingAlone } from './definition.ts';
import type { Structure } from './structure.ts';

export interface Staging {
  readonly input: TablesInput;
  readonly structure: Structure;
  /** Where they are made: an empty schema. */
  readonly into: ConnectionSettings;
  readonly jobs: number;
  /** On no database. */
  readonly session: MysqlSession;
}

/**
 * Makes the tables in a schema of their own, with their rows and keys, and counts them. Nothing else is read of the dump.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`
 */
export async function stageTables(
  { input, structure, into, jobs, session }: Staging,
  context: EngineContext,
  given: AbortSignal,
): Promise<void> {
  const failing = new AbortController();
  const signal = AbortSignal.any([orLost(given, session.lost), failing.signal]);
  const target = await readTarget(session);
  const definitions = [...structure.tables.values()].map(standingAlone);
  requireNoMisfits(definitions, session.server, target, undefined);
  await using opened = new AsyncDisposableStack();
  const sessions = await openLoaders(into, jobs, signal, opened);
  const pool = poolOf(sessions, (error) => failing.abort(error));
  opened.defer(() => pool.settled());
  for (const loader of sessions) opened.defer(() => loader.close());
  const rows = counts();
  const large = new Set(input.known.filter((table) => table.rows >= LARGE).map(({ name }) => name));
  await runWorks(
    worksOf(input, [...structure.settings, ...definitions], signal, (bytes) => report(context, rows, bytes)),
    {
      sessions,
      pool,
      counts: rows,
      notes: notes(),
      strict: true,
      enableEvents: false,
      inert: false,
      dropDefiners: false,
      maxAllowedPacket: target.maxAllowedPacket,
      collations: target.collations,
      isLarge: (table) => large.has(table),
    },
  );
  requireCounted(input, rows);
}

async function* worksOf(
  input: TablesInput,
  head: readonly Work[],
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Work> {
  yield* head;
  let bytes = 0;
  for await (const frame of untilAborted<RawFrame>(passingOn(input.read('data', input.tables)), signal)) {
    if (!isOfRows(frame)) throw damaged('has rows of no table among those of single tables');
    bytes += frame.bytes.length;
    yield batchOfFrame(frame);
    onBytes(bytes);
  }
  const reader = scriptReader(() => {});
  for await (const frame of untilAborted<RawFrame>(
    passingOn(input.read('post-data', input.tables)),
    signal,
  )) {
    yield* reader.push(frame.bytes);
    yield* reader.rest();
    frame.release?.();
  }
}

function report(context: EngineContext, { rows }: Counts, bytes: number): void {
  context.report({ phase: 'load', rows, bytes });
}

function requireCounted({ tables, known }: TablesInput, found: Counts): void {
  const rows = new Map(found.tables.map((table) => [table.name, table.rows]));
  const wrong = known.find(
    (table) => tables.includes(table.name) && (rows.get(table.name) ?? 0) !== table.rows,
  );
  if (!wrong) return;
  throw new CofreError(
    'BACKUP_DAMAGED',
    `The backup has ${rows.get(wrong.name) ?? 'no'} rows of ${wrong.name} instead of ${wrong.rows}.`,
    { hint: 'Nothing was changed. Check the backup with `cofre verify`, and use another one.' },
  );
}
