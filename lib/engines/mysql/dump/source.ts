import { CofreError } from '../../../errors.ts';
import type { EngineContext } from '../../engine.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { shapeOf, type TableShape } from '../rows/select-task.ts';
import { readTables, type Table } from '../schema/data-catalog.ts';
import { type DatabaseFacts, readDatabase } from '../schema/database.ts';
import { ELSEWHERE } from '../schema/engines.ts';
import { requireRights } from '../schema/rights.ts';
import { incompleteSince } from '../schema/unfinished.ts';
import { type Ddl, writeDdl } from '../schema/write-ddl.ts';
import { type DumpLimits, openSessions } from './sessions.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { type Structure, tableNumbers } from './structure.ts';

/** What a dump reads from: rows on one snapshot, structures as they were when it began. */
export interface Source {
  readonly settings: ConnectionSettings;
  readonly snapshot: Snapshot;
  readonly database: DatabaseFacts;
  /** Everything that has rows, sequences left out. */
  readonly tables: readonly Table[];
  /** Of the tables whose rows are in the dump, largest first. */
  readonly shapes: readonly TableShape[];
  readonly ddl: Ddl;
  readonly structure: Structure;
}

/** @throws {CofreError} `SOURCE_BUSY` when locks cannot be had, `SOURCE_FAILED` when rights are missing */
export async function openSource(
  settings: ConnectionSettings,
  context: EngineContext,
  limits: DumpLimits,
  opened: AsyncDisposableStack,
): Promise<Source> {
  const sessions = await openSessions(settings, context, limits, opened);
  await requireRights(sessions.keeper);
  await requireComplete(sessions.keeper);
  const snapshot = await takeSnapshot(sessions);
  const { keeper, readers, holder } = snapshot;
  const database = await readDatabase(keeper);
  const all = await readTables(keeper);
  const tables = all.filter(({ kind }) => kind !== 'SEQUENCE');
  const shapes = tables.filter(({ engine }) => !ELSEWHERE.includes(engine)).map(shapeOf);
  const ddl = await writeDdl(keeper, database, all);
  const reading = holder ? [...readers, holder] : readers;
  await Promise.all(reading.map((session) => session.run('SET character_set_results = NULL')));
  return {
    settings,
    snapshot,
    database,
    tables,
    shapes: shapes.toSorted((a, b) => b.table.bytes - a.table.bytes),
    ddl,
    structure: { times: snapshot.times, texts: ddl.tables, numbers: await tableNumbers(keeper) },
  };
}

/** @throws {CofreError} `SOURCE_DAMAGED` for what a restore in place has left half done */
async function requireComplete(session: MysqlSession): Promise<void> {
  const why = await incompleteSince(session, session.settings.database);
  if (why !== undefined)
    throw new CofreError('SOURCE_DAMAGED', why, { hint: 'Until then no backup of it is made.' });
}
