import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseFromUrl } from '../../lib/cofre.ts';
import { openDumpFile } from '../../lib/plain.ts';
import { directoryStore } from '../../lib/store/directory.ts';
import { runBackup } from '../../lib/tasks/backup.ts';
import { runRestore } from '../../lib/tasks/restore.ts';
import { fingerprint, makeSample } from '../support/sample-database.ts';
import { makeWorkspace } from '../support/workspace.ts';

const workspace = makeWorkspace();
const cofre = workspace.open();
const { signal } = new AbortController();
const pack = {
  '.zst': promisify(zstdCompress),
  '.gz': promisify(gzip),
  '': async (bytes: Uint8Array) => bytes,
};
const source = workspace.path('source.sqlite3');
const target = workspace.path('target.sqlite3');
let old: string;

beforeAll(() => {
  makeSample(source, { name: 'source', rows: 3_000 });
  makeSample(target, { name: 'target', rows: 10 });
  old = fingerprint(target);
});
afterAll(() => workspace.remove());

async function bytesOf(path: string): Promise<Buffer> {
  const { input } = await openDumpFile(path, (folder) => directoryStore(folder));
  const pieces: Uint8Array[] = [];
  for await (const { bytes } of input(signal).frames) pieces.push(bytes);
  return Buffer.concat(pieces);
}

async function restore(path: string, to = target) {
  const source = await openDumpFile(path, (folder) => directoryStore(folder));
  const database = databaseFromUrl(`sqlite:${to}`);
  const task = { source, target: database };
  return await runRestore(cofre, { ...task, actor: 'test', how: { safetyBackup: false } }, { signal });
}

/** A file of several packed pieces, one after the other. */
async function joined(suffix: keyof typeof pack, bytes: Buffer, pieces: number): Promise<Buffer[]> {
  const step = Math.ceil(bytes.length / pieces);
  const cuts = Array.from({ length: pieces }, (_, at) => bytes.subarray(at * step, (at + 1) * step));
  return await Promise.all(cuts.map(async (it) => Buffer.from(await pack[suffix](it))));
}

describe.each(['.zst', '.gz', ''] as const)('a plain file with the suffix "%s"', (suffix) => {
  const file = (name: string) => workspace.path(`${name}.sqlite3${suffix}`);

  test.each([1, 2, 7])('of %i pieces is read whole, whatever its name', async (pieces) => {
    const bytes = Buffer.concat([randomBytes(3_000_000), Buffer.alloc(6_000_000, 'x')]);
    writeFileSync(workspace.path('dump'), Buffer.concat(await joined(suffix, bytes, pieces)));
    expect((await bytesOf(workspace.path('dump'))).equals(bytes)).toBe(true);
  });

  test('is restored exactly', async () => {
    writeFileSync(file('good'), Buffer.concat(await joined(suffix, readFileSync(source), 3)));
    const fresh = workspace.path(`fresh${suffix}.db`);
    expect(await restore(file('good'), fresh)).toMatchObject({ rows: 3_002, safetyBackup: null });
    expect(fingerprint(fresh)).toBe(fingerprint(source));
  });

  test('cut short anywhere, also between two pieces, is refused and changes nothing', async () => {
    const pieces = await joined(suffix, readFileSync(source), 3);
    const whole = Buffer.concat(pieces);
    const [one, two] = [pieces[0]!.length, pieces[0]!.length + pieces[1]!.length];
    for (const length of [5, 20, one - 1, one, one + 10, two, whole.length - 1_500]) {
      writeFileSync(file('cut'), whole.subarray(0, length));
      const error = await restore(file('cut')).then(
        () => `accepted ${length} of ${whole.length} bytes`,
        (it) => it,
      );
      expect(error, `${length} bytes`).toMatchObject({ name: 'CofreError', hint: expect.any(String) });
      expect(error.code, `${length} bytes`).toMatch(
        /^(BACKUP_DAMAGED|RESTORE_REFUSED|TARGET_INVALID|SOURCE_\w+)$/,
      );
    }
    expect(fingerprint(target)).toBe(old);
  });

  test('with a flipped byte in its packed middle is refused, unless it is not packed', async () => {
    const bytes = Buffer.concat(await joined(suffix, readFileSync(source), 3));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = bytes[middle]! ^ 0x10;
    writeFileSync(file('flipped'), bytes);
    if (suffix !== '.gz') return;
    await expect(restore(file('flipped'))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(fingerprint(target)).toBe(old);
  });
});

test('an empty file, a text and a missing file are refused with a hint', async () => {
  writeFileSync(workspace.path('empty.sqlite3'), '');
  writeFileSync(workspace.path('text.sqlite3'), 'CREATE TABLE t (id);\n'.repeat(100));
  for (const name of ['empty.sqlite3', 'text.sqlite3', 'missing.sqlite3']) {
    await expect(restore(workspace.path(name)), name).rejects.toMatchObject({
      code: expect.stringMatching(/^(BACKUP_DAMAGED|RESTORE_REFUSED|BACKUP_NOT_FOUND)$/),
      hint: expect.any(String),
    });
  }
  expect(fingerprint(target)).toBe(old);
});

describe('a file of ours with its manifest beside it', () => {
  test('is checked against it: a changed byte is seen before anything is touched', async () => {
    const task = { database: databaseFromUrl(`sqlite:${source}`), compression: 'none' } as const;
    const made = await runBackup(cofre, { ...task, trigger: 'manual', actor: 'test' }, { signal });
    const here = workspace.path(made.fileName);
    copyFileSync(workspace.path(`backups/${made.key}`), here);
    copyFileSync(workspace.path(`backups/${made.manifestKey}`), here.replace('.sqlite3', '.json'));
    expect(await restore(here, workspace.path('from-ours.db'))).toMatchObject({ rows: 3_002 });
    const bytes = readFileSync(here);
    bytes[bytes.length - 100] = bytes[bytes.length - 100]! ^ 1;
    writeFileSync(here, bytes);
    await expect(restore(here)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(fingerprint(target)).toBe(old);
  });
});
