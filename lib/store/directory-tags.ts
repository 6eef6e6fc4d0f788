import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CofreError } from '../errors.ts';
import { errnoOf } from './file-errors.ts';
import { makeFolder, writeSmallFile } from './files.ts';

/** The folder, beside the objects, that holds one small file for each tagged object, under the object's name. */
export const TAG_FOLDER = '.cofre-tags';

/**
 * Content of a tag file. Keyed by name and not by inode, so that a copied backup folder keeps its tags.
 *
 * Object and tag file cannot change in one step. So while a tagged object is being replaced, the file says which tag
 * belongs to which version, and a kill at any moment leaves the right one in force.
 */
interface TagFile {
  readonly retention?: string;
  /** Set during a replacement only: the etag of the version that has `retention`. */
  readonly version?: string;
  /** Set during a replacement only: the tag of any other version. */
  readonly before?: string;
}

/** The tag in force for the version `etag` of the object at `path`. */
export async function readTag(path: string, etag: string): Promise<string | undefined> {
  return tagOf(await readTagFile(path), etag);
}

/** Replaces the tag of the object at `path`. The caller holds the folder's lock. */
export async function writeTag(path: string, tag: string): Promise<void> {
  await writeTagFile(path, { retention: tag });
}

/** Removes the tag file of an object that is gone. */
export async function removeTag(path: string): Promise<void> {
  await rm(tagPath(path), { force: true });
}

/**
 * Runs `replace`, which brings in version `next` of the object at `path` in place of `previous`, and has the tag
 * change with it. The caller holds the folder's lock.
 */
export async function withTag<T>(
  path: string,
  change: { previous: string | undefined; next: string; tag: string | undefined },
  replace: () => Promise<T>,
): Promise<T> {
  const { previous, next, tag } = change;
  const file = await readTagFile(path);
  if (isSettled(file, previous, tag)) return replace();
  const before = previous === undefined ? undefined : tagOf(file, previous);
  await writeTagFile(path, withoutUndefined({ retention: tag, version: next, before }));
  const result = await replace();
  if (tag === undefined) await removeTag(path);
  else await writeTag(path, tag);
  return result;
}

/** Whether nothing has to be written: no tag before and after, or the same one. */
function isSettled(
  file: TagFile | undefined,
  previous: string | undefined,
  tag: string | undefined,
): boolean {
  if (file === undefined) return tag === undefined;
  return previous !== undefined && file.version === undefined && file.retention === tag;
}

function tagOf(file: TagFile | undefined, etag: string): string | undefined {
  if (file === undefined) return undefined;
  return file.version === undefined || file.version === etag ? file.retention : file.before;
}

async function readTagFile(path: string): Promise<TagFile | undefined> {
  let text: string;
  try {
    text = await readFile(tagPath(path), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  return parseTagFile(path, text);
}

function parseTagFile(path: string, text: string): TagFile {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file === 'object' && file !== null) return file;
  } catch {
    // Reported below.
  }
  throw new CofreError('STORE_UNAVAILABLE', `The tag file ${tagPath(path)} is damaged.`, {
    hint: 'Delete it; the backup itself is not affected, but counts as untagged until it is tagged again.',
  });
}

async function writeTagFile(path: string, file: TagFile): Promise<void> {
  await makeFolder(dirname(tagPath(path)));
  await writeSmallFile(tagPath(path), JSON.stringify(file));
}

function tagPath(path: string): string {
  return join(dirname(path), TAG_FOLDER, basename(path));
}

function withoutUndefined(file: { [K in keyof TagFile]: string | undefined }): TagFile {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined));
}
