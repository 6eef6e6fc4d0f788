import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CofreError } from '../../errors.ts';
import { dumpOfFrames } from '../dump-of-frames.ts';
import type { DatabaseInfo, Dump, DumpSummary, EngineContext } from '../engine.ts';
import type { CheckReport, Snapshot } from './child/protocol.ts';
import { damaged, explaining, unreachable } from './file/failures.ts';
import { readImage } from './file/image.ts';
import { databaseFile } from './file/path.ts';
import { openSession, recover, type Session } from './file/session.ts';
import { openOverlay, type WalOverlay } from './file/wal.ts';
import { requireAllPages, requireFile, requireSameFile, warningsOf } from './inspect.ts';

/** Limits of the SQLite engine. */
export interface SqliteLimits {
  /** How long to wait for another process's lock, ms. */
  readonly busyMs: number;
  /** How long a dump may keep writers of a rollback-journal database waiting, ms. WAL databases never wait. */
  readonly holdMs: number;
}

/** What a dump reads from; `signal` fires with the context's, and when writers have waited too long. */
interface Source {
  readonly path: string;
  readonly file: FileHandle;
  readonly session: Session;
  readonly snapshot: Snapshot;
  readonly overlay: WalOverlay | undefined;
  readonly signal: AbortSignal;
}

/**
 * The file's bytes under a read transaction, which SQLite itself holds in a child process, while the same child checks
 * the same snapshot. In rollback-journal mode its SHARED lock keeps the file as it is; in WAL mode see wal.ts.
 */
export async function dump(url: string, context: EngineContext, limits: SqliteLimits): Promise<Dump> {
  const path = await databaseFile(url);
  await requireFile(path);
  const opened = new AsyncDisposableStack();
  try {
    const source = await openSource(path, opened, context, limits);
    return await describe(source, opened, context);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function openSource(
  path: string,
  opened: AsyncDisposableStack,
  context: EngineContext,
  limits: SqliteLimits,
): Promise<Source> {
  const file = await open(path, 'r').catch((error) => {
    throw unreachable('source', path, error);
  });
  opened.defer(() => file.close());
  const heldTooLong = new AbortController();
  const signal = AbortSignal.any([context.signal, heldTooLong.signal]);
  const session = beginSession(path, signal, opened);
  const snapshot = await explaining('source', path, () =>
    session.ask('snapshot', { path, busyMs: limits.busyMs }),
  );
  if (snapshot.journalMode !== 'wal') opened.defer(limitHold(path, limits, heldTooLong));
  const overlay = snapshot.wal ? await openOverlay(path, snapshot.pageSize, snapshot.wal) : undefined;
  opened.defer(async () => await overlay?.close());
  await requireSameFile(path, file);
  return { path, file, session, snapshot, overlay, signal };
}

/** A session that leaves no log behind where there was none, even when it has to be killed. */
function beginSession(path: string, signal: AbortSignal, opened: AsyncDisposableStack): Session {
  const hadLog = existsSync(`${path}-wal`);
  const session = openSession(signal);
  opened.defer(async () => {
    if ((await session.end()) === 'killed' && !hadLog && existsSync(`${path}-wal`)) await recover(path);
  });
  return session;
}

/**
 * Writers of a rollback-journal database wait while we read; past the limit the application matters more, whatever we
 * are waiting for ourselves: the lock goes, and the dump fails. Returns what ends the watch.
 */
function limitHold(path: string, { holdMs }: SqliteLimits, heldTooLong: AbortController): () => void {
  const timer = setTimeout(() => heldTooLong.abort(writersWaited(path, holdMs)), Math.min(holdMs, MAX_TIMER));
  return () => clearTimeout(timer);
}

/** What setTimeout takes at most; more would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

async function describe(source: Source, opened: AsyncDisposableStack, context: EngineContext): Promise<Dump> {
  const { path, snapshot } = source;
  const size = snapshot.pages * snapshot.pageSize;
  if (snapshot.journalMode !== 'wal') requireAllPages(path, await requireFile(path), snapshot);
  const warnings = await warningsOf(path, snapshot);
  const info: DatabaseInfo = { exists: true, version: snapshot.version, size, warnings };
  const frames = readFrames(source, warnings, opened, context);
  return dumpOfFrames({ info, frames, close: () => opened.disposeAsync() });
}

async function* readFrames(
  { path, file, session, snapshot, overlay, signal }: Source,
  warnings: readonly string[],
  opened: AsyncDisposableStack,
  context: EngineContext,
): Dump['frames'] {
  const began = context.clock.now().getTime();
  const checking = explaining('source', path, () => session.ask('check', { path, depth: 'full' }));
  checking.catch(() => {}); // Awaited below; a failure before that must not count as unhandled.
  try {
    let bytes = 0;
    for await (const chunk of readImage(file, snapshot, overlay, signal)) {
      const size = chunk.bytes.length;
      yield { section: 'data', rows: 0, ...chunk };
      bytes += size;
      context.report({ phase: 'dump', bytes, totalBytes: snapshot.pages * snapshot.pageSize });
    }
    context.report({ phase: 'check' });
    const report = requireSound(path, await checking);
    await requireHeld(path, session);
    logHold(path, began, snapshot, context);
    return summarize(snapshot, report, warnings);
  } finally {
    await opened.disposeAsync();
  }
}

function requireSound(path: string, report: CheckReport): CheckReport {
  if (report.problems.length > 0) throw damaged(path, report.problems);
  return report;
}

/** The check may be long over: only a child that answers now has kept its locks until the last byte was read. */
async function requireHeld(path: string, session: Session): Promise<void> {
  if (await explaining('source', path, () => session.ask('held', {}))) return;
  throw new Error(`The read transaction on ${path} ended too early.`);
}

function writersWaited(path: string, holdMs: number): CofreError {
  return new CofreError(
    'SOURCE_BUSY',
    `Writers of ${path} have waited ${holdMs / 1_000} s for the backup: given up.`,
    {
      hint: 'Use PRAGMA journal_mode = WAL, where nobody waits, or raise `lockSeconds` of this database.',
    },
  );
}

function logHold(path: string, began: number, snapshot: Snapshot, { clock, logger }: EngineContext): void {
  const seconds = (clock.now().getTime() - began) / 1_000;
  if (snapshot.journalMode === 'wal' || seconds < 1) return;
  logger.info('Writers of this database had to wait during the dump.', { path, seconds });
}

function summarize(snapshot: Snapshot, report: CheckReport, warnings: readonly string[]): DumpSummary {
  return {
    tables: report.tables,
    warnings: [...warnings, ...report.warnings],
    details: {
      pageSize: snapshot.pageSize,
      pages: snapshot.pages,
      journalMode: snapshot.journalMode,
      walFrames: snapshot.wal?.lastFrame ?? 0,
    },
  };
}
