import type { EngineContext, LoadInput, LoadOptions } from '../../engine.ts';
import { type Counts, requireExpected } from '../../sql/load/counts.ts';
import { poolOf } from '../../sql/load/pool.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import type { Feed } from './feed.ts';
import type { Notes } from './notes.ts';
import { runWorks } from './run-works.ts';
import { openLoaders } from './sessions.ts';
import type { TargetServer } from './target.ts';

/** A dump on its way into a database. */
export interface Filling {
  readonly feed: Feed;
  readonly input: LoadInput;
  readonly counts: Counts;
  readonly notes: Notes;
  readonly target: TargetServer;
  readonly options: LoadOptions;
  /** Connections. */
  readonly jobs: number;
}

export interface FillOptions {
  /** Tables that are there and not of the dump. */
  readonly besides?: readonly string[];
  /** Events are made as the dump has them, not disabled. */
  readonly enableEvents?: boolean;
}

/** How a load is told of failures, and tells of them. */
export interface Failing {
  /** Fires, too, once `fail` was called. */
  readonly signal: AbortSignal;
  /** Called with the first failure of any of the connections. */
  readonly fail: (error: unknown) => void;
}

/**
 * Loads a dump into the empty database at `into`, over several connections, and checks it: rows and size against the
 * manifest, and that there are no other tables. All connections are closed when this returns.
 */
export async function fill(
  into: ConnectionSettings,
  filling: Filling,
  context: EngineContext,
  { signal, fail }: Failing,
  { besides = [], enableEvents = false }: FillOptions = {},
): Promise<void> {
  const { feed, input, counts, notes, target, options } = filling;
  await using opened = new AsyncDisposableStack();
  const sessions = await openLoaders(into, filling.jobs, signal, opened);
  const pool = poolOf(sessions, fail);
  opened.defer(() => pool.settled());
  // Closed before the tasks are waited for: what runs is ended.
  for (const session of sessions) opened.defer(() => session.close());
  await runWorks(feed.works, {
    sessions,
    pool,
    counts,
    notes,
    enableEvents,
    inert: options.inert === true,
    strict: /^-- Cofre dump of /.test(feed.beginning),
    dropDefiners: options.noOwner ?? false,
    maxAllowedPacket: target.maxAllowedPacket,
    collations: target.collations,
    isLarge: largeTables(input),
  });
  context.report({ phase: 'check', rows: counts.rows, bytes: feed.bytes });
  await countEmpty(sessions[0], filling, besides);
  feed.requireCounts(counts.tables.length, counts.rows);
  requireExpected(counts, feed.bytes, input.expected);
}

/** Rows from which on it is worth a statement more to add indexes after them. */
export const LARGE = 20_000;

/** By the manifest: without one, nobody knows what is to come. */
function largeTables({ expected }: LoadInput): (table: string) => boolean {
  const large = new Set(expected?.tables.filter(({ rows }) => rows >= LARGE).map(({ name }) => name));
  return (table) => large.has(table);
}

/** Tables that the dump makes and brings no rows of; by the manifest's name, where the server's has other letters. */
async function countEmpty(
  session: MysqlSession,
  { counts, input, target }: Filling,
  besides: readonly string[],
): Promise<void> {
  const rows = await session.query<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
  );
  const same = (name: string) => (target.lowerCaseTableNames === 0 ? name : name.toLowerCase());
  const known = [...counts.tables, ...(input.expected?.tables ?? [])].map(({ name }) => name);
  const spelled = new Map(known.map((name) => [same(name), name]));
  for (const { name } of rows) if (!besides.includes(name)) counts.add(spelled.get(same(name)) ?? name, 0);
}
