import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CofreError } from '../errors.ts';
import { throwIfAborted } from './abort.ts';
import { diskIo } from './file-errors.ts';
import { type FileVersion, statHandle, toObject } from './files.ts';
import { checkRange, shorterThanAsked } from './keys.ts';
import type { ReadOptions, StoredObject } from './store.ts';

/** Bytes read at a time; more is not faster. */
const CHUNK = 1024 * 1024;

/**
 * Streams a byte range of a file. Whoever replaces the object renames another file over it: the open file stays the
 * version it was. Only a program that writes into the file itself can disturb, and its change of size or time is seen.
 * @throws {CofreError} `STORE_CONFLICT` when the file is shorter than asked for, or changed during the read
 */
export async function* readRange(
  key: string,
  path: string,
  { start = 0, end, signal }: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkRange(start, end);
  const handle = await diskIo(`read ${key}`, () => openObject(path));
  try {
    const version = await diskIo(`read ${key}`, () => statHandle(handle));
    const stop = end ?? version.size;
    if (stop > version.size || start > stop) throw shorterThanAsked(key, version.size);
    for (let at = start; at < stop; ) {
      throwIfAborted(signal);
      const chunk = await diskIo(`read ${key}`, () => readChunk(handle, at, Math.min(CHUNK, stop - at)));
      if (chunk.length === 0) throw changed(key);
      at += chunk.length;
      yield chunk;
    }
    await checkUnchanged(key, handle, version);
  } finally {
    await handle.close();
  }
}

/** Reads a whole small file. @throws {CofreError} `STORE_CONFLICT` when it changed during the read */
export async function readWhole(
  key: string,
  path: string,
): Promise<{ body: Uint8Array; object: StoredObject }> {
  const handle = await diskIo(`read ${key}`, () => openObject(path));
  try {
    const version = await diskIo(`read ${key}`, () => statHandle(handle));
    const body = await diskIo(`read ${key}`, () => handle.readFile());
    await checkUnchanged(key, handle, version);
    return { body, object: toObject(key, version) };
  } finally {
    await handle.close();
  }
}

/** Follows no symbolic link (open(2), O_NOFOLLOW: `ELOOP`), and does not wait for the writer of a named pipe. */
function openObject(path: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
}

async function readChunk(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function checkUnchanged(key: string, handle: FileHandle, before: FileVersion): Promise<void> {
  const now = await diskIo(`read ${key}`, () => statHandle(handle));
  if (now.etag !== before.etag) throw changed(key);
}

function changed(key: string): CofreError {
  return new CofreError('STORE_CONFLICT', `${key} changed while it was being read.`, {
    hint: 'Some program writes into the backup folder. Let it finish, and try again.',
  });
}
