import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepBeside, temporaryBeside } from '../../../../lib/engines/sqlite/file/temporary.ts';
import { thisProcess } from '../../../../lib/process.ts';
import { temporaryFolder } from '../../../support/sqlite.ts';

const HOUR = 3_600_000;

test('leftovers of dead processes go, with their companions; of living ones, of others and all else stay', async () => {
  using folder = temporaryFolder();
  const target = folder.file('app.db');
  const dead = temporaryBeside(target).replace(`-${process.pid}-`, '-4194303-');
  const reused = temporaryBeside(target).replace(`-${thisProcess().started}-`, '-1-');
  const gone = [dead, `${dead}-wal`, `${dead}-shm`, `${dead}-journal`, reused];
  const kept = [
    target,
    `${target}-wal`,
    temporaryBeside(target),
    `${temporaryBeside(target)}-journal`,
    temporaryBeside(join(dirname(target), 'app-db')).replace(`-${process.pid}-`, '-4194303-'),
    temporaryBeside(join(dirname(target), 'another.app.db')).replace(`-${process.pid}-`, '-4194303-'),
    join(dirname(target), '.app.db.cofre-notes'),
  ];
  for (const path of [...gone, ...kept]) writeFileSync(path, '');
  expect(await sweepBeside(target)).toBe(gone.length);
  expect(readdirSync(dirname(target)).toSorted()).toEqual(
    kept.map((path) => path.slice(dirname(target).length + 1)).toSorted(),
  );
});

test('leftovers of another host go a day after their last write, not before', async () => {
  using folder = temporaryFolder();
  const target = folder.file('app.db');
  const foreign = (random: string) =>
    temporaryBeside(target).replace(/cofre-[0-9a-f]{12}/, `cofre-${random}`);
  const [young, old] = [foreign('000000000001'), foreign('000000000002')];
  for (const [path, hours] of [
    [young, 23],
    [old, 25],
  ] as const) {
    writeFileSync(path, '');
    const then = new Date(Date.now() - hours * HOUR);
    utimesSync(path, then, then);
  }
  expect(await sweepBeside(target)).toBe(1);
  expect(readdirSync(dirname(target))).toEqual([young.slice(dirname(target).length + 1)]);
});

test('no folder, nothing to sweep', async () => {
  using folder = temporaryFolder();
  expect(await sweepBeside(join(folder.path, 'no', 'such', 'app.db'))).toBe(0);
});
