import { chmod, chown, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CofreError } from '../../errors.ts';
import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../engine.ts';
import type { CheckDepth, CheckReport } from './child/protocol.ts';
import type { SqliteLimits } from './dump.ts';
import { explaining, isUnusable, unreachable, unusableBackup } from './file/failures.ts';
import { companions, databaseFile } from './file/path.ts';
import { openSession, recover, type Session } from './file/session.ts';
import { spool, sync } from './file/spool.ts';
import { removeTemporary, sweepBeside, temporaryBeside, temporaryPlace } from './file/temporary.ts';
import { fileSize } from './inspect.ts';

/**
 * Writes the backup beside the target, checks it, and only then brings it in: over an existing database as one SQLite
 * transaction, so that its open connections see the old or the new; to a free name by a link. An inert copy, which is
 * only looked at, is nobody else's to read.
 */
export async function load(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: SqliteLimits,
  { inert = false }: LoadOptions = {},
): Promise<LoadResult> {
  const target = await databaseFile(url);
  await mkdir(dirname(target), { recursive: true }).catch((error) => {
    throw unreachable('target', dirname(target), error);
  });
  await sweepBeside(target);
  const oldSize = await fileSize(target, 'target');
  const isNew = oldSize === undefined;
  // The copy into an existing file needs its new pages, and a journal of the old ones.
  const reserve = isNew ? 0 : Math.max(oldSize, input.expected?.rawSize ?? 0);
  const to: Spool = { path: temporaryBeside(target), reserve, durable: isNew, depth: depthFor(input) };
  return await withChecked(to, input, context, async (temporary, session) => {
    await context.fence();
    if (isNew) await place(temporary, target, inert ? 0o600 : 0o644 & ~process.umask());
    else await replace(session, temporary, target, context, limits);
  });
}

/** The same without a target: in a temporary folder's file, which goes away. */
export async function verify(input: LoadInput, context: EngineContext): Promise<LoadResult> {
  const place = temporaryPlace('verify');
  await sweepBeside(place);
  const to: Spool = { path: temporaryBeside(place), reserve: 0, durable: false, depth: 'full' };
  return await withChecked(to, input, context, async () => {});
}

/** Where a backup is unpacked to be checked. */
interface Spool {
  readonly path: string;
  /** Bytes that must stay free beside it. */
  readonly reserve: number;
  /** The file itself will become the database, so it has to be on the disk; a copy's source need not. */
  readonly durable: boolean;
  readonly depth: CheckDepth;
}

/**
 * How deep to check before the target is touched; docs/decisions/0006. Of our own backups, every byte is known by its
 * hash to be the one that was dumped; and where the dump was the very file that SQLite had just checked in full, with
 * no pages of a log laid over it, its structure is known too.
 */
function depthFor({ expected }: LoadInput): CheckDepth {
  if (!expected) return 'full';
  return expected.details?.['walFrames'] === 0 ? 'rows' : 'quick';
}

async function withChecked(
  { path, reserve, durable, depth }: Spool,
  input: LoadInput,
  context: EngineContext,
  use: (temporary: string, session: Session) => Promise<void>,
): Promise<LoadResult> {
  const session = openSession(context.signal);
  try {
    const size = await spool(path, input, { reserve, durable }, context);
    context.report({ phase: 'check' });
    const checking = explaining('backup', 'The backup', () => session.ask('check', { path, depth }));
    const [report] = await Promise.all([checking, durable && sync(path)]);
    requireExpected(report, size, input);
    if (!input.expected) await requireWhole(session, path, size);
    await use(path, session);
    const rows = report.tables.reduce((sum, table) => sum + table.rows, 0);
    return { tables: report.tables, rows, warnings: report.warnings };
  } finally {
    await session.end();
    await removeTemporary(path);
  }
}

/** A foreign file that lacks a part of its last page: SQLite would read zeros there. */
async function requireWhole(session: Session, path: string, size: number): Promise<void> {
  const { pages, pageSize } = await explaining('backup', 'The backup', () =>
    session.ask('inspect', { path }),
  );
  if (size >= pages * pageSize) return;
  throw unusableBackup([`it has ${size} bytes, its header says ${pages * pageSize}: it is cut short`]);
}

/** @throws {CofreError} `BACKUP_DAMAGED` when structure, size or counts are not as they must be. */
function requireExpected(report: CheckReport, size: number, { expected }: LoadInput): void {
  const wrong = [...report.problems, ...(expected ? differences(report, size, expected) : [])];
  if (wrong.length > 0) throw unusableBackup(wrong);
}

function differences(
  report: CheckReport,
  size: number,
  { rawSize, tables }: NonNullable<LoadInput['expected']>,
): string[] {
  if (size !== rawSize) return [`it has ${size} bytes instead of ${rawSize}`];
  const rows = new Map(report.tables.map((table) => [table.name, table.rows]));
  const wrong = tables.filter((table) => rows.get(table.name) !== table.rows);
  return wrong.map(({ name, rows: n }) => `table ${name} has ${rows.get(name) ?? 'no'} rows instead of ${n}`);
}

/** A free name: link(2) never replaces a file that somebody made meanwhile. */
async function place(temporary: string, target: string, mode: number): Promise<void> {
  if ((await fileSize(target, 'target')) !== undefined) throw madeMeanwhile(target);
  // Left over from a database that was deleted; SQLite would take them for the new one's.
  await Promise.all(companions(target).map((path) => rm(path, { force: true })));
  await chmod(temporary, mode);
  await link(temporary, target).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? madeMeanwhile(target, error) : error;
  });
  await syncFolder(dirname(target));
}

function madeMeanwhile(target: string, cause?: unknown): CofreError {
  return new CofreError('TARGET_BUSY', `${target} was made by someone else meanwhile.`, {
    cause,
    hint: 'Nothing was changed. Check who made it, then try again.',
  });
}

async function replace(
  session: Session,
  temporary: string,
  target: string,
  context: EngineContext,
  { busyMs }: SqliteLimits,
): Promise<void> {
  try {
    await explaining('target', target, () =>
      session.ask('install', { from: temporary, to: target, busyMs }, (bytes, totalBytes) =>
        context.report({ phase: 'install', bytes, totalBytes }),
      ),
    );
  } catch (error) {
    // Killed in the middle: what it had begun is rolled back now, not by the next connection.
    if ((await session.end()) === 'killed') await recover(target);
    if (!isUnusable(error)) throw error;
    context.logger.warn('The target is not a usable database; its file is replaced.', { target });
    await overwrite(temporary, target);
  }
}

/** What is no usable database has no connections to protect: rename(2) replaces it in one step. */
async function overwrite(temporary: string, target: string): Promise<void> {
  const { mode, uid, gid } = await stat(target);
  await sync(temporary);
  await chmod(temporary, mode & 0o777);
  await chown(temporary, uid, gid).catch(() => {});
  await Promise.all(companions(target).map((path) => rm(path, { force: true })));
  await rename(temporary, target);
  await syncFolder(dirname(target));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
