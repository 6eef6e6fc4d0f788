import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPRESSIONS } from '../../lib/archive/compression.ts';
import type { Backup } from '../../lib/catalog.ts';
import type { Cofre } from '../../lib/cofre.ts';
import { databaseFromUrl } from '../../lib/cofre.ts';
import { CofreError } from '../../lib/errors.ts';
import { sourceOf } from '../../lib/restore.ts';
import { runBackup } from '../../lib/tasks/backup.ts';
import { runRestore } from '../../lib/tasks/restore.ts';
import { runVerify } from '../../lib/tasks/verify.ts';
import { runCli } from '../support/cli-process.ts';
import { makeSample } from '../support/sample-database.ts';
import { seededRandom } from '../support/seeded.ts';
import { makeWorkspace } from '../support/workspace.ts';
import { damage } from './damage.ts';

const ARCHIVE_CHANGES = 40;
const MANIFEST_CHANGES = 80;

const { signal } = new AbortController();
const workspace = makeWorkspace();
const target = workspace.path('target.sqlite3');
let cofre: Cofre;
let others: Backup;
const backups: Record<string, Backup> = {};

beforeAll(async () => {
  cofre = workspace.open();
  makeSample(workspace.path('source.sqlite3'), { name: 'source', rows: 9_000 });
  makeSample(target, { name: 'target', rows: 10 });
  others = await backUp('others', 'zstd');
  for (const compression of COMPRESSIONS) backups[compression] = await backUp('source', compression);
});
afterAll(() => workspace.remove());

async function backUp(name: string, compression: (typeof COMPRESSIONS)[number]): Promise<Backup> {
  const database = databaseFromUrl(`sqlite:${workspace.path('source.sqlite3')}`, name);
  const task = { database, compression, trigger: 'manual', actor: 'test' } as const;
  return await cofre.catalog.find((await runBackup(cofre, task, { signal })).id);
}

const fileOf = (key: string) => workspace.path(`backups/${key}`);

/** Every use of the backup is refused with a hint, nothing is touched, and the other backups are listed as ever. */
async function expectRefused(id: string, what: string): Promise<void> {
  const before = readFileSync(target);
  for (const error of await Promise.all([refusal(() => verify(id)), refusal(() => restore(id))])) {
    expect(error, what).toBeInstanceOf(CofreError);
    expect(error, what).toMatchObject({ code: 'BACKUP_DAMAGED', hint: expect.stringMatching(/\w/) });
  }
  expect(readFileSync(target).equals(before), what).toBe(true);
  expect((await cofre.catalog.scan('others')).backups.map((it) => it.id)).toEqual([others.id]);
}

const verify = async (id: string) => runVerify(cofre, await cofre.catalog.find(id), 'test', { signal });

async function restore(id: string) {
  const source = sourceOf(cofre, await cofre.catalog.find(id));
  const task = {
    source,
    target: databaseFromUrl(`sqlite:${target}`),
    actor: 'test',
    how: { safetyBackup: false },
  };
  return await runRestore(cofre, task, { signal });
}

async function refusal(use: () => Promise<unknown>): Promise<unknown> {
  return await use().then(
    (result) => `not refused: ${JSON.stringify(result)}`,
    (error: unknown) => error,
  );
}

/** Runs `work` while the file holds other bytes. */
async function whileChanged(file: string, changed: Buffer, work: () => Promise<void>): Promise<void> {
  const original = readFileSync(file);
  writeFileSync(file, changed);
  await work().finally(() => writeFileSync(file, original));
}

test.each(COMPRESSIONS)(
  `${ARCHIVE_CHANGES} random changes of a %s archive are all refused`,
  async (compression) => {
    const random = seededRandom(`changes of a ${compression} archive`);
    const { id, key, manifest } = backups[compression]!;
    const original = readFileSync(fileOf(key));
    for (let round = 1; round <= ARCHIVE_CHANGES; round += 1) {
      const { kind, changed } = damage(original, random, manifest.frames);
      await whileChanged(fileOf(key), changed, async () => {
        await expectRefused(id, `change ${round}: ${kind}`);
        const sizeChanged = changed.length !== original.length;
        const { damaged } = await cofre.catalog.scan('source');
        expect(damaged.length, `change ${round}: ${kind}`).toBe(sizeChanged ? 1 : 0);
      });
    }
    expect(await verify(id)).toMatchObject({ ok: true });
  },
  200_000,
);

test(`${MANIFEST_CHANGES} random changes of manifests are all refused, and shown as damaged`, async () => {
  const random = seededRandom('changes of manifests');
  for (let round = 1; round <= MANIFEST_CHANGES; round += 1) {
    const { id, manifestKey } = backups[random.pick(COMPRESSIONS)]!;
    const { kind, changed } = damage(readFileSync(fileOf(manifestKey)), random);
    await whileChanged(fileOf(manifestKey), changed, async () => {
      await expectRefused(id, `change ${round}: ${kind}`);
      const { backups: listed, damaged } = await cofre.catalog.scan('source');
      expect(listed.map((it) => it.id)).not.toContain(id);
      expect(damaged.map((it) => it.key)).toEqual([manifestKey]);
    });
  }
});

test('manifests or archives swapped between two backups, or renamed, are refused', async () => {
  const [one, two] = [backups['none']!, backups['gzip']!];
  const swapped = async (a: string, b: string, works: readonly string[]) => {
    const exchange = () => {
      renameSync(fileOf(a), fileOf('swapped'));
      renameSync(fileOf(b), fileOf(a));
      renameSync(fileOf('swapped'), fileOf(b));
    };
    exchange();
    for (const id of works) await expectRefused(id, `${a} and ${b} swapped`);
    exchange();
  };
  await swapped(one.manifestKey, two.manifestKey, [one.id, two.id]);
  await swapped(one.key, two.key, [one.id, two.id]);
  const renamed = 'source/db_backup_20200101_000000.json';
  renameSync(fileOf(one.manifestKey), fileOf(renamed));
  await expectRefused('source-20200101-000000', 'a renamed manifest');
  renameSync(fileOf(renamed), fileOf(one.manifestKey));
  renameSync(fileOf(one.key), fileOf('source/db_backup_20200101_000000.sqlite3'));
  await expectRefused(one.id, 'a renamed archive');
  renameSync(fileOf('source/db_backup_20200101_000000.sqlite3'), fileOf(one.key));
  expect((await cofre.catalog.scan()).damaged).toEqual([]);
});

test('an archive of the same size from another backup is refused by its frames', async () => {
  const source = backups['none']!;
  const other = await backUp('source', 'none');
  const bytes = readFileSync(fileOf(other.key));
  bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1;
  await whileChanged(fileOf(source.key), bytes, () => expectRefused(source.id, 'a foreign archive'));
});

test('the command line says so with exit code 1 and a hint', async () => {
  const random = seededRandom('the command line on damaged backups');
  const options = { cwd: workspace.folder };
  for (const file of [backups['zstd']!.key, backups['gzip']!.manifestKey]) {
    const { id } = Object.values(backups).find((it) => it.key === file || it.manifestKey === file)!;
    await whileChanged(fileOf(file), damage(readFileSync(fileOf(file)), random).changed, async () => {
      const into = ['--to', 'sqlite:./target.sqlite3', '--yes', '--no-safety-backup'];
      for (const args of [
        ['verify', id],
        ['restore', id, ...into],
      ]) {
        const { code, stdout, stderr } = await runCli(args, options);
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(/^cofre: .*damaged.*\n {2}\w.*\n$|^cofre: .*not whole.*\n {2}\w.*\n$/);
      }
      const list = await runCli(['list', '--json'], options);
      expect(list.code).toBe(0);
      expect(JSON.parse(list.stdout).backups.map((it: { id: string }) => it.id)).toContain(others.id);
    });
  }
});
