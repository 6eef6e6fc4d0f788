import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { CofreError } from '../errors.ts';
import { diskIo, errnoOf } from './file-errors.ts';
import { type FileVersion, statFile } from './files.ts';
import { checkKey } from './keys.ts';

/** Path and version of the file under a key; `undefined` when there is none. */
export async function headFile(
  root: string,
  key: string,
): Promise<{ path: string; version: FileVersion } | undefined> {
  return diskIo(`look up ${key}`, async () => {
    const path = await locate(root, key);
    const version = await statFile(path);
    return version && { path, version };
  });
}

/** The path of a key. @throws {CofreError} `USAGE` for what is no key, `STORE_DENIED` behind a symbolic link */
export async function locate(root: string, key: string): Promise<string> {
  checkKey(key);
  const segments = key.split('/');
  for (let depth = 1; depth < segments.length; depth += 1) {
    const folder = join(root, ...segments.slice(0, depth));
    if (await isLink(folder)) throw behindLink(folder);
  }
  return join(root, key);
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** A link could lead out of the store, and `list` would not show what is behind it. */
function behindLink(folder: string): CofreError {
  return new CofreError('STORE_DENIED', `${folder} is a symbolic link, which backups may not pass through.`, {
    hint: 'Use a real folder there, or make the link the store itself.',
  });
}
