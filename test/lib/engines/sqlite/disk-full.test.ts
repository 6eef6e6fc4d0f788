import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase, type Folder, type JournalMode, temporaryFolder } from '../../../support/sqlite.ts';
import { rowCounts } from '../../../support/sqlite-fingerprint.ts';
import { OTHER, SAMPLE } from '../../../support/sqlite-sample.ts';
import { type Outcome, runTaskOnSmallDisk } from '../../../support/sqlite-task.ts';

/** About 6 MB over about 3 MB. */
async function loadOnDiskOf(megabytes: number, mode: JournalMode, known: boolean): Promise<Outcome> {
  using folder = temporaryFolder();
  const { path, disk } = prepare(folder);
  const seed = createDatabase(folder.file(), mode, OTHER);
  const expected = known ? { rawSize: statSync(path).size, tables: rowCounts(path) } : undefined;
  const task = { verb: 'load', path, target: join(disk, 'app.sqlite3'), watch: true } as const;
  return await runTaskOnSmallDisk({ ...task, ...(expected && { expected }) }, disk, megabytes, seed);
}

function prepare(folder: Folder): { path: string; disk: string } {
  const disk = join(folder.path, 'disk');
  mkdirSync(disk);
  return { path: createDatabase(folder.file(), 'DELETE', SAMPLE), disk };
}

const REFUSED = { code: 'NO_SPACE', hint: expect.stringContaining('space'), unchanged: true };

for (const mode of ['DELETE', 'WAL'] as const) {
  test(`a backup that cannot fit is refused before its first byte is read, target untouched (${mode})`, async () => {
    expect(await loadOnDiskOf(8, mode, true)).toMatchObject({ ...REFUSED, pulled: 0 });
  });

  test(`a disk that is full while the backup is unpacked: NO_SPACE, target untouched (${mode})`, async () => {
    const outcome = await loadOnDiskOf(8, mode, false);
    expect(outcome).toMatchObject(REFUSED);
    expect(outcome.pulled).toBeGreaterThan(0);
  });

  test(`a disk that is full while the backup is copied into the target: NO_SPACE, target untouched (${mode})`, async () => {
    const outcome = await loadOnDiskOf(12, mode, false);
    expect(outcome).toMatchObject(REFUSED);
    expect(outcome.pulled).toBeGreaterThan(5);
  });

  test(`the same disk, large enough: done (${mode})`, async () => {
    expect(await loadOnDiskOf(32, mode, true)).toMatchObject({ code: 'done', unchanged: false });
  });
}

test('verify in a temporary folder that is too small: NO_SPACE, nothing left in it', async () => {
  using folder = temporaryFolder();
  const { path, disk } = prepare(folder);
  const outcome = await runTaskOnSmallDisk({ verb: 'verify', path }, disk, 3);
  expect(outcome).toMatchObject({ ...REFUSED, leftInTemporaryFolder: [] });
});
