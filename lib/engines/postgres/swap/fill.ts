import type { DumpParts, EngineContext, LoadInput, LoadOptions, LoadResult, RawFrame } from '../../engine.ts';
import { type Counts, requireExpected, resultOf } from '../../sql/load/counts.ts';
import { notAsExpected } from '../../sql/load/not-as-expected.ts';
import { passingOn } from '../../sql/load/passed-on.ts';
import { poolOf } from '../../sql/load/pool.ts';
import { untilAborted } from '../../until-aborted.ts';
import { raiseBuildMemory } from '../load/build-memory.ts';
import { extensionsIn, requireAvailable } from '../load/extensions.ts';
import type { Script } from '../load/script.ts';
import type { Surroundings } from '../load/server.ts';
import { dumpedVersion, encodingWarnings, readServer, requireNotOlder, type Server } from '../load/server.ts';
import { runParts } from '../parallel/run-parts.ts';
import { type ScriptTarget, scriptRunner } from '../parallel/run-script.ts';
import type { ScriptItem } from '../script/script.ts';
import { openSession, type PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import type { ConnectionSettings } from '../wire/url.ts';
import { notLetIn } from './scratch.ts';

/** A dump on its way into a new database. */
export interface Filling {
  readonly script: Script;
  readonly input: LoadInput;
  readonly counts: Counts;
  readonly options: LoadOptions;
  /** Connections. */
  readonly jobs: number;
}

/** What can be said of a dump and a server before anything is made. @throws {CofreError} `RESTORE_REFUSED` */
export async function requireFitting(session: PgSession, { script, input }: Filling): Promise<void> {
  const server = await readServer(session);
  requireNotOlder(server, dumpedVersion(input.expected, script.beginning));
  await requireAvailable(session, extensionsIn(script.head));
}

/**
 * Loads a dump into the empty database at `scratch`, over several connections, and checks it: rows and size against
 * the manifest, and that there are no other tables. All connections are closed when this returns.
 * @param failing is aborted with the first failure of any of the connections, so that nobody waits for more frames.
 */
export async function fill(
  scratch: ConnectionSettings,
  filling: Filling,
  context: EngineContext,
  failing: AbortController,
): Promise<LoadResult> {
  await using opened = new AsyncDisposableStack();
  const sessions = await openAll(scratch, filling.jobs, failing.signal, opened);
  const [first] = sessions;
  const pool = poolOf(sessions, (error) => failing.abort(error));
  opened.defer(() => pool.settled());
  // Closed before the tasks are waited for: what runs is cancelled.
  for (const session of sessions) opened.defer(() => session.close());
  const { input, options, counts, script } = filling;
  const surroundings = await readSurroundings(first);
  const { warnings, bytes } = await run(
    filling,
    { pool, first, counts, options, surroundings },
    context,
    failing,
  );
  context.report({ phase: 'check', rows: counts.rows, bytes });
  requireExpected(counts, bytes, input.expected);
  if (input.expected) await requireNoOther(first, counts);
  const converted = encodingWarnings(surroundings, input.expected?.details);
  return resultOf(counts, [...script.warnings, ...warnings, ...converted]);
}

/** Runs all of the dump; tells the bytes of it that were read. */
async function run(
  { input, script }: Filling,
  into: ScriptTarget,
  context: EngineContext,
  { signal }: AbortController,
): Promise<{ readonly warnings: readonly string[]; readonly bytes: number }> {
  if (!input.parts || !canBeSplit(input)) {
    const runner = scriptRunner(into);
    await runner.run(itemsOf(script));
    return { warnings: runner.warnings(), bytes: script.bytes };
  }
  await script.close(); // It has told what it begins with; from here on each part is read by itself.
  let bytes = 0;
  const warnings = await runParts(stoppable(input.parts, signal), into, async function* (frames) {
    for await (const frame of frames) {
      bytes += frame.bytes.length;
      yield frame;
      reportLoad(context, input, into.counts, bytes);
    }
  });
  return { warnings, bytes };
}

function stoppable({ tables, read }: DumpParts, signal: AbortSignal): DumpParts {
  return {
    tables,
    read: (section, names) => untilAborted<RawFrame>(passingOn(read(section, names)), signal),
  };
}

/** Bytes that are no UTF-8 are told by the settings at the beginning of the dump. */
function canBeSplit({ expected }: LoadInput): boolean {
  return expected?.details?.['encoding'] !== 'SQL_ASCII';
}

async function* itemsOf({ head, rest }: Script): AsyncGenerator<ScriptItem> {
  yield* head;
  yield* rest;
}

/** Nobody waits for what is committed here to be on the disk: the swap's own commit brings all before it there. */
const SESSION = 'SET synchronous_commit = off; SET jit = off; RESET search_path';

async function openAll(
  scratch: ConnectionSettings,
  jobs: number,
  signal: AbortSignal,
  opened: AsyncDisposableStack,
): Promise<[PgSession, ...PgSession[]]> {
  const open = async () => {
    const session = opened.use(await openSession(scratch, { role: 'target', purpose: 'load', signal }));
    await session.client.query(SESSION);
    await raiseBuildMemory(session, jobs, false);
    return session;
  };
  try {
    // The first one alone: whether the new database lets us in at all.
    const first = await open();
    return [first, ...(await Promise.all(Array.from({ length: jobs - 1 }, open)))];
  } catch (error) {
    throw notLetIn(scratch, error);
  }
}

const KEPT = `
  SELECT ARRAY(SELECT nspname::text FROM pg_catalog.pg_namespace) AS schemas,
    ARRAY(SELECT extname::text FROM pg_catalog.pg_extension
          WHERE NOT pg_catalog.pg_has_role(extowner, 'USAGE')) AS extensions`;

async function readSurroundings(session: PgSession): Promise<Surroundings & Server> {
  const server = await readServer(session);
  const { schemas, extensions } = await oneRow<{ schemas: string[]; extensions: string[] }>(
    session.client,
    KEPT,
  );
  return { ...server, kept: { schemas: new Set(schemas), foreignExtensions: new Set(extensions) } };
}

/**
 * Tables that the dump makes and brings no rows of. Those of extensions are the extension's; rows of an unlogged one
 * cannot be read on a standby; rows may come through the root of a partition.
 */
const OTHERS = `
  WITH known AS (SELECT pg_catalog.to_regclass(t) AS oid FROM pg_catalog.unnest($1::text[]) t)
  SELECT c.oid::pg_catalog.regclass::text AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND c.oid NOT IN (SELECT oid FROM known WHERE oid IS NOT NULL)
    AND NOT (c.relispartition AND pg_catalog.pg_partition_root(c.oid) IN (SELECT oid FROM known))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
      AND d.objid = c.oid AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e')
  ORDER BY 1`;

async function requireNoOther({ client }: PgSession, { tables }: Counts): Promise<void> {
  const names = tables.map(({ name }) => name);
  const { rows } = await client.query<{ name: string }>(OTHERS, [names]);
  if (rows.length > 0) throw notAsExpected(rows.map(({ name }) => `no rows of table ${name} are in it`));
}

export function reportLoad(
  context: EngineContext,
  { expected }: LoadInput,
  { rows }: Counts,
  bytes: number,
): void {
  context.report({ phase: 'load', rows, bytes, ...(expected && { totalBytes: expected.rawSize }) });
}
