import type { EngineContext } from '../../engine.ts';
import { startPgDump } from '../pg-dump/relay.ts';
import { type Ddl, writeDdl } from '../pg-dump/write-ddl.ts';
import { type DataCatalog, readCatalog } from '../schema/data-catalog.ts';
import { type Facts, knowsRestrict, readFacts, readSize } from '../schema/facts.ts';
import { readSizes } from '../schema/sizes.ts';
import { openSession, type PgSession } from '../wire/connect.ts';
import type { ConnectionSettings } from '../wire/url.ts';
import { type CopyTask, planCopies } from './copy-plan.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';

/** Limits of a dump. */
export interface DumpLimits {
  /** How long to wait for locks, ms. */
  readonly lockWaitMs: number;
  /** Connections that read rows at the same time. */
  readonly jobs: number;
  /** For psql's \restrict: letters and digits. */
  readonly restrictKey: string;
}

/** What a dump reads from: all of it on one snapshot, every table locked against changes of its structure. */
export interface Source {
  readonly settings: ConnectionSettings;
  readonly snapshot: Snapshot;
  readonly facts: Facts;
  /** Of the database, bytes. */
  readonly size: number;
  readonly catalog: DataCatalog;
  /** Of each table. */
  readonly tasks: readonly (readonly CopyTask[])[];
  /** Holds the locks; free for queries once `ddl` is there. */
  readonly locker: PgSession;
  readonly ddl: Promise<Ddl>;
  /** `undefined` when the server's psql may not know \\restrict. */
  readonly restrictKey: string | undefined;
}

/** @throws {CofreError} `SOURCE_BUSY` when a table stays locked, or is altered at this moment. */
export async function openSource(
  settings: ConnectionSettings,
  { signal }: EngineContext,
  limits: DumpLimits,
  opened: AsyncDisposableStack,
): Promise<Source> {
  const thread = opened.use(startPgDump());
  const [keeper, locker, ...others] = await openAll(settings, limits.jobs, signal, opened);
  const snapshot = await openSnapshot(keeper, others);
  const { client } = snapshot.keeper;
  const facts = await readFacts(client);
  const encoding = encodingOf(facts);
  const restrictKey = knowsRestrict(facts.serverVersionNum) ? limits.restrictKey : undefined;
  await Promise.all(snapshot.others.map(({ client }) => client.query(`SET client_encoding = ${encoding}`)));
  const stop = new AbortController();
  const locked = Promise.withResolvers<void>();
  const ddl = writeDdl(locker, {
    thread,
    snapshot: snapshot.id,
    encoding,
    restrictKey,
    signal: AbortSignal.any([signal, stop.signal]),
    lockWaitMs: limits.lockWaitMs,
    onLocked: locked.resolve,
  });
  ddl.catch(() => {}); // Awaited later; a failure before that must not count as unhandled.
  opened.defer(async () => {
    stop.abort();
    await ddl.catch(() => {});
  });
  const [size, catalog] = [await readSize(client), await readCatalog(client)];
  await Promise.race([locked.promise, ddl]);
  const tables = await readSizes(client, catalog.tables);
  return {
    settings,
    snapshot,
    facts,
    size,
    catalog,
    tasks: planCopies(tables),
    locker,
    ddl,
    restrictKey,
  };
}

/**
 * Databases and roles have settings of their own by which the same is written in other words: two copies of a database
 * are to give the same text, and lose nothing by it.
 */
const WORDING = "SET quote_all_identifiers = off; SET TimeZone = 'UTC'";

/** All at once: to let a client in takes a server some time. Fails only when none may be opened any more. */
async function openAll(
  settings: ConnectionSettings,
  readers: number,
  signal: AbortSignal,
  opened: AsyncDisposableStack,
): Promise<[PgSession, PgSession, ...PgSession[]]> {
  const open = async (bulk: boolean) => {
    const session = opened.use(
      await openSession(settings, { role: 'source', purpose: 'dump', signal, bulk }),
    );
    await session.client.query(WORDING);
    return session;
  };
  const sessions = [open(false), open(false), ...Array.from({ length: readers }, () => open(true))] as const;
  await Promise.allSettled(sessions);
  return await Promise.all(sessions);
}

/**
 * Everything is UTF-8, but what a database without an encoding holds may be anything: it goes through as it is, as
 * with pg_dump.
 */
function encodingOf({ encoding }: Facts): string {
  return encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
}
