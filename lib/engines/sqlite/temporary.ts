import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { liveness, thisProcess } from '../../process.ts';
import { companions } from './path.ts';

/**
 * A restore is first written beside its target, under a name that tells who writes it, so that a later run can see
 * that the writer is dead and clear up: `.<target>.cofre-<host>-<pid>-<start time>-<random>`.
 */
const NAME = /^\.(.+)\.cofre-([0-9a-f]{12})-(\d+)-(\d+)-[0-9a-f]{8}(?:-wal|-shm|-journal)?$/;

/** A writer on another host cannot be asked; after a day without a write it counts as dead. */
const FOREIGN_MS = 24 * 3_600_000;

export function temporaryBeside(target: string): string {
  const { host, pid, started } = thisProcess();
  const random = randomBytes(4).toString('hex');
  return join(dirname(target), `.${basename(target)}.cofre-${host}-${pid}-${started}-${random}`);
}

export async function removeTemporary(path: string): Promise<void> {
  await Promise.all([path, ...companions(path)].map((file) => rm(file, { force: true })));
}

/** Removes temporaries of `target` whose writers are dead; says how many files. */
export async function sweep(target: string): Promise<number> {
  let removed = 0;
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    const [, of, host, pid, started] = NAME.exec(name) ?? [];
    if (of !== basename(target)) continue;
    const path = join(dirname(target), name);
    const state = liveness({ host: host!, pid: Number(pid), started: started! });
    if (state === 'alive' || (state === 'unknown' && !(await isOld(path)))) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > FOREIGN_MS;
}
