import { type FileHandle, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CofreError } from '../errors.ts';
import { throwIfAborted } from './abort.ts';
import { locate } from './directory-path.ts';
import { removeTag, withTag } from './directory-tags.ts';
import { diskIo } from './file-errors.ts';
import {
  addFile,
  discard,
  ensureLater,
  type FileVersion,
  makeFolder,
  openTemporary,
  replaceFile,
  seal,
  statFile,
  syncFolder,
  toObject,
} from './files.ts';
import type { FolderLock } from './folder-lock.ts';
import { checkTag } from './keys.ts';
import type { Condition, PutOptions, StoredObject } from './store.ts';

/** One write, and where it goes. */
export interface Write {
  readonly root: string;
  readonly key: string;
  readonly lock: FolderLock;
  readonly options: PutOptions;
}

/** Has `fill` write a temporary file and brings it in under its key, or leaves everything as it was. */
export async function writeObject(
  target: Write,
  fill: (file: FileHandle) => Promise<void>,
): Promise<StoredObject> {
  const { root, key, lock, options } = target;
  if (options.tag !== undefined) checkTag(options.tag);
  const path = await diskIo(`write ${key}`, () => locate(root, key));
  await diskIo(`write ${key}`, () => makeFolder(dirname(path)));
  const temporary = await diskIo(`write ${key}`, () => openTemporary(dirname(path)));
  try {
    await fill(temporary.handle);
    await diskIo(`write ${key}`, () => seal(temporary.handle));
    const publish = () => diskIo(`write ${key}`, () => bringIn(temporary.path, path, key, options));
    return toObject(key, await lock(publish, options.signal));
  } catch (error) {
    await discard(temporary);
    throw error;
  }
}

/** Runs under the lock: nothing can change between the check of the condition and the rename. */
async function bringIn(
  temporary: string,
  path: string,
  key: string,
  options: PutOptions,
): Promise<FileVersion> {
  throwIfAborted(options.signal);
  const previous = await statFile(path);
  if (!holds(options.condition, previous)) throw conflict(key);
  const version = await ensureLater(temporary, previous);
  await withTag(path, { previous: previous?.etag, next: version.etag, tag: options.tag }, async () => {
    if (!isAbsent(options.condition)) await replaceFile(temporary, path);
    else if (!(await addFile(temporary, path))) throw conflict(key);
  });
  return version;
}

function isAbsent(condition: Condition | undefined): boolean {
  return condition !== undefined && 'absent' in condition;
}

function holds(condition: Condition | undefined, previous: FileVersion | undefined): boolean {
  if (condition === undefined) return true;
  return 'absent' in condition ? previous === undefined : previous?.etag === condition.etag;
}

function conflict(key: string): CofreError {
  return new CofreError('STORE_CONFLICT', `${key} was written by someone else meanwhile.`, {
    hint: 'Look at what is there now, and try again if it is still needed.',
  });
}

/**
 * Removes an object; the caller holds the folder's lock. The object first: a tag file without an object means nothing,
 * an object without its tag could expire wrongly.
 */
export async function deleteObject(key: string, path: string): Promise<void> {
  await diskIo(`delete ${key}`, async () => {
    await rm(path, { force: true });
    await removeTag(path);
    await syncFolder(dirname(path));
  });
}
