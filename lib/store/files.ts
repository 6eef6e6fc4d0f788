import { randomBytes, randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CofreError } from '../errors.ts';
import { errnoOf } from './file-errors.ts';
import type { StoredObject } from './store.ts';

/** Names of files that are being written; `clearUnfinished` looks for them. */
export const TEMPORARY = '.cofre-tmp-';

/** Only the owner can read a backup, as restic does: a dump holds all there is in a database. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** What identifies one version of a file, and its metadata. */
export interface FileVersion {
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  readonly etag: string;
}

/**
 * The regular file at `path`, or `undefined` when there is none: a link or a folder is no object.
 *
 * The etag is inode, modification time and size. Not a hash of the content, which `list` would have to read. Each
 * write makes a new inode while the old one still exists, but a later write may get the freed number again, within
 * one tick of the kernel's clock; so `stamp` gives each file a time that no other version of it has.
 */
export async function statFile(path: string): Promise<FileVersion | undefined> {
  try {
    const stat = await lstat(path, { bigint: true });
    return stat.isFile() ? toVersion(stat) : undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}

/** The version of an open file. */
export async function statHandle(handle: FileHandle): Promise<FileVersion> {
  return toVersion(await handle.stat({ bigint: true }));
}

function toVersion(stat: { ino: bigint; mtimeNs: bigint; size: bigint }): FileVersion {
  return {
    size: Number(stat.size),
    modifiedAt: new Date(Number(stat.mtimeNs / 1_000_000n)),
    mtimeNs: stat.mtimeNs,
    etag: `${stat.ino.toString(36)}-${stat.mtimeNs.toString(36)}-${stat.size.toString(36)}`,
  };
}

/** A version of a file as the object under `key`. */
export function toObject(key: string, { size, modifiedAt, etag }: FileVersion): StoredObject {
  return { key, size, modifiedAt, etag };
}

/** Makes a folder and those above it, each durably listed in its parent. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
  }
}

/** Opens a new temporary file in `folder` for writing. */
export async function openTemporary(folder: string): Promise<{ path: string; handle: FileHandle }> {
  const path = join(folder, TEMPORARY + randomBytes(8).toString('hex'));
  return { path, handle: await open(path, 'wx', FILE_MODE) };
}

/** Makes the written bytes durable, with a modification time of their own, and closes the file. */
export async function seal(handle: FileHandle): Promise<void> {
  const { mtimeNs } = await statHandle(handle);
  // Keeps the millisecond; the digits below it are random: see `statFile`.
  const seconds = Number(mtimeNs / 1_000_000n) / 1e3 + randomInt(1_000_000) / 1e9;
  await handle.utimes(seconds, seconds);
  await handle.sync();
  await handle.close();
}

/** Makes the time of the file at `path` later than `previous`, should the clock have stood still or gone back. */
export async function ensureLater(path: string, previous: FileVersion | undefined): Promise<FileVersion> {
  const version = await statFile(path);
  if (version === undefined) throw vanished(path);
  if (previous === undefined || version.mtimeNs > previous.mtimeNs) return version;
  // Whole microseconds, but a double holds the seconds of this century only to 0.24 µs: the next one may be the same.
  const seconds = Number(previous.mtimeNs / 1000n + 2n) / 1e6;
  await utimes(path, seconds, seconds);
  return (await statFile(path)) ?? version;
}

function vanished(path: string): CofreError {
  return new CofreError(
    'STORE_UNAVAILABLE',
    `The temporary file ${path} was removed while it was being written.`,
    {
      hint: 'Something cleans up the backup folder while backups run. Let it leave younger files alone.',
    },
  );
}

/** Brings a sealed temporary file in under its name, replacing what was there. Durable when it returns. */
export async function replaceFile(temporary: string, path: string): Promise<void> {
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/**
 * Brings a sealed temporary file in under a name that is free: link(2) fails where rename(2) would replace.
 * Returns false when the name is taken.
 */
export async function addFile(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    if (errno === undefined || !NO_LINKS.has(errno)) throw error;
    return addWithoutLinks(temporary, path);
  }
  await unlink(temporary);
  await syncFolder(dirname(path));
  return true;
}

/** What link(2) says on a file system without hard links (FAT, many network mounts). */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** There, only the folder's lock keeps other writers out. */
async function addWithoutLinks(temporary: string, path: string): Promise<boolean> {
  if ((await statFile(path)) !== undefined) return false;
  await replaceFile(temporary, path);
  return true;
}

/** Writes a small file in one step, durably: its old or its new content, never part of it. */
export async function writeSmallFile(path: string, text: string): Promise<void> {
  const temporary = await openTemporary(dirname(path));
  try {
    await temporary.handle.writeFile(text);
    await temporary.handle.sync();
    await temporary.handle.close();
    await replaceFile(temporary.path, path);
  } catch (error) {
    await discard(temporary);
    throw error;
  }
}

/** Closes and removes a temporary file. Never throws: it runs after a failure, which is what matters. */
export async function discard(temporary: { path: string; handle: FileHandle }): Promise<void> {
  await temporary.handle.close().catch(() => {}); // already closed, or the disk is gone
  await rm(temporary.path, { force: true }).catch(() => {}); // left for `clearUnfinished`
}

/** Makes changes of names in a folder durable (fsync(2), "calling fsync() does not necessarily ensure…"). */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows cannot open a folder so; NTFS journals names itself
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
