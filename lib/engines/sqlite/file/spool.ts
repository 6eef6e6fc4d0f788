import { type FileHandle, open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CofreError, toCofreError } from '../../../errors.ts';
import type { EngineContext, LoadInput } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import { unreachable, unusableBackup } from './failures.ts';

const MAGIC = 'SQLite format 3\0';

/** Bytes after which a file that has to be on the disk is synced in passing. */
const SYNC_BYTES = 32 * 1024 * 1024;

/**
 * Writes the frames of a dump to a new file. `durable`: it is synced while it is written; `sync` then has little left to
 * wait for. Returns its bytes.
 * @throws {CofreError} `NO_SPACE` before the first byte when it cannot fit, `BACKUP_DAMAGED` when it is no database.
 */
export async function spool(
  path: string,
  input: LoadInput,
  { reserve, durable }: { readonly reserve: number; readonly durable: boolean },
  context: EngineContext,
): Promise<number> {
  await requireSpace(dirname(path), (input.expected?.rawSize ?? 0) + reserve);
  const file = await open(path, 'wx', 0o600).catch((error) => {
    throw unreachable('target', dirname(path), error);
  });
  const syncer = durable ? syncInPassing(file) : undefined;
  try {
    const size = await writeAll(file, input, context, syncer?.written);
    await syncer?.settled();
    return size;
  } finally {
    await syncer?.settled().catch(() => {});
    await file.close();
  }
}

/** One sync at a time beside the writing. A failure is kept: the kernel tells of it only once (fsync(2)). */
function syncInPassing(file: FileHandle) {
  let synced = 0;
  let underWay: Promise<void> | undefined;
  const outcome: { error?: unknown } = {};
  const start = () => {
    underWay = file.datasync().then(
      () => {
        underWay = undefined;
      },
      (error) => {
        outcome.error = error;
      },
    );
  };
  return {
    written: (size: number) => {
      if (underWay || size - synced < SYNC_BYTES) return;
      synced = size;
      start();
    },
    settled: async () => {
      await underWay;
      if ('error' in outcome) throw toCofreError(outcome.error);
    },
  };
}

/** Brings what was written to a file onto the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.datasync();
  } catch (error) {
    throw toCofreError(error);
  } finally {
    await file.close();
  }
}

async function writeAll(
  file: FileHandle,
  input: LoadInput,
  { signal, report }: EngineContext,
  onWritten: (size: number) => void = () => {},
): Promise<number> {
  let size = 0;
  for await (const { bytes, release } of untilAborted(input.frames, signal)) {
    if (size === 0) requireMagic(bytes);
    await writeFully(file, bytes, size).catch((error) => {
      throw toCofreError(error);
    });
    size += bytes.length;
    release?.();
    onWritten(size);
    report({ phase: 'load', bytes: size, ...(input.expected && { totalBytes: input.expected.rawSize }) });
  }
  if (size === 0) throw unusableBackup(['it is empty']);
  return size;
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** The first 16 bytes of every SQLite database (https://www.sqlite.org/fileformat2.html#magic_header_string). */
function requireMagic(first: Uint8Array): void {
  if (Buffer.from(first.subarray(0, MAGIC.length)).toString('latin1') === MAGIC) return;
  throw new CofreError('RESTORE_REFUSED', 'This backup is not a SQLite database.', {
    hint: 'A .sql dump goes into a PostgreSQL or MySQL database; check the target of the restore.',
  });
}

const SPACE_HINT =
  'Free some space: a restore is written and checked beside its target before it replaces it.';

/** @throws {CofreError} `NO_SPACE`, with `hint` */
export async function requireSpace(folder: string, bytes: number, hint = SPACE_HINT): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new CofreError('NO_SPACE', `${folder} has ${bavail * bsize} bytes free; ${bytes} are needed.`, {
    hint,
  });
}
