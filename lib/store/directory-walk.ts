import type { Dirent } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskIo, errnoOf } from './file-errors.ts';
import { statFile, TEMPORARY, toObject } from './files.ts';
import { isSegment } from './keys.ts';
import type { StoredObject } from './store.ts';

/** How many files are looked up at a time: hides the latency of a network mount. */
const BATCH = 32;

/**
 * The objects under `root` whose key starts with `prefix`, in ascending order of the keys' bytes. Goes down only where
 * the prefix can lead, and through no symbolic link. `folder` is the key of the folder to look at, `''` or ending in
 * `/`.
 */
export async function* listObjects(root: string, prefix: string, folder = ''): AsyncGenerator<StoredObject> {
  const entries = (await entriesOf(join(root, folder)))
    .filter((entry) => isSegment(entry.name))
    .flatMap((entry) => keysOf(entry, folder))
    .filter((key) => key.startsWith(prefix) || (key.endsWith('/') && prefix.startsWith(key)))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (let at = 0; at < entries.length; at += BATCH) {
    const batch = entries.slice(at, at + BATCH);
    const found = await diskIo('list the backup folder', () =>
      Promise.all(batch.map(async (key) => ({ key, object: await lookUp(root, key) }))),
    );
    for (const { key, object } of found) {
      if (object !== undefined) yield object;
      if (key.endsWith('/')) yield* listObjects(root, prefix, key);
    }
  }
}

/** The key of a file, or that of a folder with a `/` at its end: so they sort as the keys inside will. */
function keysOf(entry: Dirent, folder: string): string[] {
  if (entry.isFile()) return [folder + entry.name];
  return entry.isDirectory() ? [`${folder}${entry.name}/`] : [];
}

async function lookUp(root: string, key: string): Promise<StoredObject | undefined> {
  if (key.endsWith('/')) return undefined;
  const version = await statFile(join(root, key));
  return version && toObject(key, version); // or deleted meanwhile
}

/** Removes temporary files last written before `olderThan`, ms since 1970; returns how many. */
export async function clearTemporary(folder: string, olderThan: number): Promise<number> {
  let cleared = 0;
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) cleared += await clearTemporary(path, olderThan);
    else if (entry.name.startsWith(TEMPORARY) && (await isOlder(path, olderThan))) {
      await diskIo('remove an unfinished file', () => rm(path, { force: true }));
      cleared += 1;
    }
  }
  return cleared;
}

/** A writer that is alive writes: its file's time moves on. */
async function isOlder(path: string, olderThan: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < olderThan;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** What is in a folder; nothing when it does not exist (yet, or any more). */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return diskIo('list the backup folder', async () => {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  });
}
