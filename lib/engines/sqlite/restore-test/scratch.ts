import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { known } from '../../../known.ts';
import type { Expected, Scratch } from '../../engine.ts';
import { unreachable } from '../file/failures.ts';
import { requireSpace } from '../file/spool.ts';
import { isAbandoned, makerMark, removeOwn, sweepBeside, temporaryPlace } from '../file/temporary.ts';

/**
 * A folder in the temporary folder, which only its maker's user may enter, as it holds a copy of all data. Its name is
 * the mark: it tells who made it, `cofre_restore_test_<random>-<host>-<pid>-<start time>`. The database in it has the
 * name without the maker.
 */
const FOLDER = /^cofre_restore_test_[0-9a-f]{16}-([0-9a-f]{12}-\d+-\d+)$/;

/** Copies on the disk at the same time: the scratch database, and an image of which the content is read. */
const COPIES = 2;

const SPACE_HINT =
  'Free some space there, or set TMPDIR to a folder that has it: a restore test needs room for two copies of the database.';

/** @throws {CofreError} `NO_SPACE` before anything is made; `TARGET_INVALID` where the temporary folder cannot be used */
export async function makeScratch(like: Expected): Promise<Scratch> {
  const name = `cofre_restore_test_${randomBytes(8).toString('hex')}`;
  const folder = join(tmpdir(), `${name}-${makerMark()}`);
  await requireSpace(tmpdir(), COPIES * like.rawSize, SPACE_HINT).catch(asUnusable);
  await mkdir(folder, { mode: 0o700 }).catch(asUnusable);
  return {
    name,
    url: `sqlite:${join(folder, name)}`,
    // No path: it is told to those who read the store, wherever they are.
    server: 'this machine',
    version: known(process.versions.sqlite, 'The version of the SQLite in Node'),
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

function asUnusable(error: unknown): never {
  throw unreachable('target', tmpdir(), error);
}

/** Clears what dead restore tests and checks of this user have left in the temporary folder; says how many things. */
export async function sweepTemporaryFolder(): Promise<number> {
  let removed =
    (await sweepBeside(temporaryPlace('verify'))) + (await sweepBeside(temporaryPlace('content')));
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, mark] = FOLDER.exec(name) ?? [];
    const folder = join(tmpdir(), name);
    if (mark === undefined || !(await isOwnFolder(folder))) continue;
    if ((await isAbandoned(mark, await withinOf(folder))) && (await removeOwn(folder))) removed += 1;
  }
  return removed;
}

/** Anybody can make a folder of any name in the temporary folder, and a link. */
async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
}

/** The folder and its files: a file that is being written keeps the folder's own time as it is. */
async function withinOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return [folder, ...names.map((name) => join(folder, name))];
}
