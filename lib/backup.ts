import { type Compression, codecs } from './archive/compression.ts';
import type { Manifest, Trigger } from './archive/manifest.ts';
import { type BackupNames, backupNames } from './archive/names.ts';
import { type ArchiveSummary, writeArchive } from './archive/writer.ts';
import type { Backup, Catalog } from './catalog.ts';
import type { Clock } from './clock.ts';
import type { DatabaseInfo, Dump, DumpSummary, Engine, EngineContext } from './engines/engine.ts';
import { CofreError, toCofreError } from './errors.ts';
import type { JobContext } from './jobs/run.ts';
import type { Logger } from './logger.ts';
import { classFor } from './retention.ts';
import type { Store } from './store/store.ts';
import { takeWhole } from './take-whole.ts';
import { TOOL_VERSION } from './version.ts';

export interface VerbDeps {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is known of a database without its secrets. */
export interface DatabaseKind {
  readonly name: string;
  readonly engine: Engine;
}

/** A database that can be backed up and restored. */
export interface Database extends DatabaseKind {
  /** Holds the password, if there is one: never to be shown. */
  readonly url: string;
}

export interface BackupRequest {
  readonly database: Database;
  readonly compression: Compression;
  readonly trigger: Trigger;
  readonly actor: string;
}

/**
 * source -> dump -> frames -> store -> manifest. The manifest is written last, and only when dump and archive are
 * whole: until then there is no backup, and after any failure the store is as before.
 */
export async function backup(deps: VerbDeps, request: BackupRequest, job: JobContext): Promise<Backup> {
  const { name, engine, url } = request.database;
  // Also after a run that was killed between commit and hold: the newest whole backup is held before anything else.
  await deps.catalog.settleHold(name);
  await sweep(deps, request.database);
  job.report({ phase: 'inspect' });
  const began = deps.clock.now();
  const names = await freeNames(deps, request.database, request.compression);
  const retention = classFor(request.trigger, names.startedAt, (await deps.catalog.scan(name)).backups);
  const dump = await engine.dump(url, engineContext(deps, job));
  try {
    const { archive, summary } = await upload(deps, request, dump, names, retention, job);
    const made = await commit(
      deps,
      describe(request, { names, retention, began, ended: deps.clock.now() }, dump.info, summary, archive),
      names,
      job,
    );
    await hold(deps, made);
    return made;
  } finally {
    await dump.close();
  }
}

/** What a killed run has left is in nobody's way; a database that cannot be reached is the dump's to report. */
async function sweep({ logger }: VerbDeps, { name, engine, url }: Database): Promise<void> {
  try {
    await engine.sweep(url);
  } catch (error) {
    logger.info('Leftovers of killed runs could not be looked for.', {
      name,
      reason: toCofreError(error).message,
    });
  }
}

async function upload(
  { store }: VerbDeps,
  { compression, database }: BackupRequest,
  dump: Dump,
  { key }: BackupNames,
  tag: string,
  { signal }: JobContext,
): Promise<{ archive: ArchiveSummary; summary: DumpSummary }> {
  const { content } = database.engine.plainFile;
  const contentType = CONTENT_TYPES[compression];
  const options = { tag, contentType, condition: { absent: true }, signal } as const;
  const { taken, end: summary } = await takeWhole(dump.frames, (frames) =>
    takeWhole(writeArchive(frames, compression, content), (chunks) => store.upload(key, chunks, options)),
  );
  return { archive: taken.end, summary };
}

const CONTENT_TYPES: Record<Compression, string> = {
  zstd: 'application/zstd',
  gzip: 'application/gzip',
  none: 'application/octet-stream',
};

export function engineContext(
  { clock, logger }: VerbDeps,
  { signal, report, fence }: JobContext,
): EngineContext {
  return { signal, clock, logger, report, fence };
}

/** What a backup is called, and since when it runs: the second in the name, so that name and record tell the same time. */
interface Named extends BackupNames {
  readonly startedAt: Date;
}

/** A name has a resolution of a second; when this second's is taken, the next one's. */
async function freeNames(
  { store, clock }: VerbDeps,
  database: Database,
  compression: Compression,
): Promise<Named> {
  for (;;) {
    const now = clock.now();
    const { extension } = database.engine.plainFile;
    const names = backupNames(database.name, now, extension, codecs[compression].suffix);
    const taken = await store
      .list(names.manifestKey.slice(0, -'.json'.length))
      [Symbol.asyncIterator]()
      .next();
    const past = now.getMilliseconds();
    if (taken.done) return { ...names, startedAt: new Date(now.getTime() - past) };
    await clock.sleep(1_000 - past);
  }
}

/** What a run settles before and around its dump. */
interface Run {
  readonly names: Named;
  readonly retention: string;
  readonly began: Date;
  readonly ended: Date;
}

function describe(
  { database, compression, trigger, actor }: BackupRequest,
  { names, retention, began, ended }: Run,
  { version }: DatabaseInfo,
  { tables, warnings, details }: DumpSummary,
  { size, rawSize, sha256, frames }: ArchiveSummary,
): Manifest {
  return {
    format: 1,
    id: names.id,
    database: database.name,
    archive: { file: names.file, plainName: names.plainName, compression, size, rawSize, sha256 },
    engine: { name: database.engine.name, version },
    tool: { name: 'cofre', version: TOOL_VERSION },
    trigger,
    actor,
    retention,
    startedAt: names.startedAt.toISOString(),
    finishedAt: ended.toISOString(),
    seconds: (ended.getTime() - began.getTime()) / 1_000,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    tables: [...tables],
    warnings: [...warnings],
    details: { ...details },
    frames: [...frames],
  };
}

async function commit(
  deps: VerbDeps,
  manifest: Manifest,
  names: BackupNames,
  job: JobContext,
): Promise<Backup> {
  const { catalog, store, logger } = deps;
  job.report({ phase: 'commit' });
  try {
    const stored = await store.head(names.key);
    if (stored?.size !== manifest.archive.size)
      throw incomplete(names.key, manifest.archive.size, stored?.size);
    await job.fence();
    return await catalog.commit(manifest, manifest.retention);
  } catch (error) {
    // Manifest first: whatever the failure left behind, nothing is listed without its archive.
    for (const key of [names.manifestKey, names.key]) {
      await store
        .delete(key)
        .catch((cause) => logger.warn('A leftover could not be removed.', { key, cause: String(cause) }));
    }
    throw error;
  }
}

/** From here on the backup exists: a failure is told, and the next run settles it, but nothing is taken back. */
async function hold({ catalog }: VerbDeps, made: Backup): Promise<void> {
  try {
    await catalog.settleHold(made.database);
  } catch (error) {
    const { code, message } = toCofreError(error);
    throw new CofreError(
      code,
      `The backup ${made.id} is whole and listed, but could not be held: ${message}`,
      {
        cause: error,
        hint: 'The next backup or prune of this database tries again.',
      },
    );
  }
}

function incomplete(key: string, expected: number, found: number | undefined): CofreError {
  return new CofreError(
    'STORE_UNAVAILABLE',
    `The store has ${found ?? 'no'} bytes of ${key} instead of ${expected}.`,
    {
      hint: 'Try again; if it happens again, check the store.',
    },
  );
}
