import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { liveness, type ProcessIdentity, thisProcess } from '../../../process.ts';
import { hasCode } from './failures.ts';
import { companions } from './path.ts';

/**
 * A restore is first written beside its target, under a name that tells who writes it, so that a later run can see
 * that the writer is dead and clear up: `.<target>.cofre-<host>-<pid>-<start time>-<random>`.
 */
const NAME = /^\.(.+)\.cofre-([0-9a-f]{12}-\d+-\d+)-[0-9a-f]{8}(?:-wal|-shm|-journal)?$/;

/** A writer on another host cannot be asked; after a day without a write it counts as dead. */
const FOREIGN_MS = 24 * 3_600_000;

export function temporaryBeside(target: string): string {
  const random = randomBytes(4).toString('hex');
  return join(dirname(target), `.${basename(target)}.cofre-${makerMark()}-${random}`);
}

/** What `temporaryBeside` takes for a database that is only looked at, in the temporary folder. */
export function temporaryPlace(work: 'verify' | 'content'): string {
  return join(tmpdir(), `${work}.sqlite3`);
}

/** This process, as a part of the name of what it makes: `<host>-<pid>-<start time>`. */
export function makerMark(): string {
  const { host, pid, started } = thisProcess();
  return `${host}-${pid}-${started}`;
}

/** Whether the maker that `mark` names is dead, and nobody needs what is at `paths`, all that it made, any more. */
export async function isAbandoned(mark: string, paths: readonly string[]): Promise<boolean> {
  const maker = makerIn(mark);
  const state = maker ? liveness(maker) : 'unknown';
  if (state !== 'unknown') return state === 'dead';
  return (await Promise.all(paths.map(isOld))).every(Boolean);
}

function makerIn(mark: string): ProcessIdentity | undefined {
  const [host, pid, started] = mark.split('-');
  return host && started ? { host, pid: Number(pid), started } : undefined;
}

export async function removeTemporary(path: string): Promise<void> {
  await Promise.all([path, ...companions(path)].map((file) => rm(file, { force: true })));
}

/** Removes temporaries of `target` whose writers are dead; says how many files. */
export async function sweepBeside(target: string): Promise<number> {
  let removed = 0;
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    const [, of, mark] = NAME.exec(name) ?? [];
    if (of !== basename(target) || mark === undefined) continue;
    const path = join(dirname(target), name);
    if ((await isAbandoned(mark, [path])) && (await removeOwn(path))) removed += 1;
  }
  return removed;
}

/**
 * Removes a file, or a folder with all that is in it. In a folder that many users share there may be what another one's
 * process left: that stays, for its own next run. Says whether it is gone.
 */
export async function removeOwn(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM')) return false;
    throw error;
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > FOREIGN_MS;
}
