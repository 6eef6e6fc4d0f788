import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from './file-errors.ts';
import { addFile, discard, makeFolder, openTemporary, seal } from './files.ts';

/**
 * The secret that signs download URLs, made on first use, readable by the owner only. Read each time: deleting the
 * file ends all URLs at once.
 */
export async function secretOf(root: string): Promise<string> {
  const path = join(root, '.cofre-secret');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  await makeFolder(root);
  const temporary = await openTemporary(root);
  try {
    await temporary.handle.writeFile(randomBytes(32).toString('hex'));
    await seal(temporary.handle);
    await addFile(temporary.path, path); // false: another process was first, and its secret counts
  } finally {
    await discard(temporary);
  }
  return readFile(path, 'utf8');
}
