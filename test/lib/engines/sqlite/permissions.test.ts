import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase, type Folder, filesBeside, temporaryFolder } from '../../../support/sqlite.ts';
import { fingerprint } from '../../../support/sqlite-fingerprint.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';
import { OTHER, SAMPLE } from '../../../support/sqlite-sample.ts';
import { runTaskWithoutRights } from '../../../support/sqlite-task.ts';

const UNREADABLE = { code: 'SOURCE_FAILED', hint: expect.stringContaining('may be read') };
const UNWRITABLE = { code: 'TARGET_INVALID', hint: expect.stringContaining('written') };

test('a file that may not be read is SOURCE_FAILED with a hint, for inspect and dump', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
  chmodSync(path, 0);
  for (const verb of ['inspect', 'dump'] as const) {
    expect(await runTaskWithoutRights({ verb, path })).toMatchObject(UNREADABLE);
  }
});

test('a folder that may not be entered is SOURCE_FAILED with a hint', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
  using _ = withMode(dirname(path), 0);
  expect(await runTaskWithoutRights({ verb: 'dump', path })).toMatchObject(UNREADABLE);
});

test('a file that may only be read, in a folder that may only be read, is dumped in rollback-journal mode', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
  chmodSync(path, 0o444);
  using _ = withMode(dirname(path), 0o555);
  expect(await runTaskWithoutRights({ verb: 'dump', path })).toMatchObject({ code: 'done' });
});

test('a WAL database needs more: without rights to its index or folder it is SOURCE_FAILED, and untouched', async () => {
  using folder = temporaryFolder();
  const idle = createDatabase(folder.file(), 'WAL', SAMPLE);
  const live = createDatabase(folder.file(), 'WAL', SAMPLE);
  await using app = await sqliteProcess(live);
  await app.run('UPDATE accounts SET balance = balance + 1');
  chmodSync(`${live}-shm`, 0o444);
  for (const path of [idle, live]) {
    const before = await filesBeside(path);
    using _ = withMode(dirname(path), 0o555);
    expect(await runTaskWithoutRights({ verb: 'dump', path })).toMatchObject(UNREADABLE);
    expect(await filesBeside(path)).toEqual(before);
  }
});

test('a target that may not be written is TARGET_INVALID and untouched: new, existing, in new folders', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
  const targets = targetsIn(folder);
  for (const { target, readOnly } of targets) {
    const before = fingerprint(target);
    using _ = withMode(readOnly, readOnly === target ? 0o444 : 0o555);
    expect(await runTaskWithoutRights({ verb: 'load', path, target }), target).toMatchObject(UNWRITABLE);
    expect(fingerprint(target)).toBe(before);
  }
});

function targetsIn(folder: Folder): { target: string; readOnly: string }[] {
  const closed = join(folder.path, 'closed');
  mkdirSync(closed);
  const [inClosed, readOnly] = [folder.file(), folder.file()].map((path) =>
    createDatabase(path, 'DELETE', OTHER),
  );
  return [
    { target: join(closed, 'app.db'), readOnly: closed },
    { target: join(closed, 'new', 'app.db'), readOnly: closed },
    { target: inClosed!, readOnly: dirname(inClosed!) },
    { target: readOnly!, readOnly: readOnly! },
  ];
}

/** Changes the mode, and back at the end, or the folder could not be removed. */
function withMode(path: string, mode: number): Disposable {
  chmodSync(path, mode);
  return { [Symbol.dispose]: () => chmodSync(path, 0o755) };
}
