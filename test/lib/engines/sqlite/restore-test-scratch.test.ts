import { mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diagnose } from '../../../../lib/doctor.ts';
import type { EngineProgress } from '../../../../lib/engines/engine.ts';
import { makerMark, temporaryBeside, temporaryPlace } from '../../../../lib/engines/sqlite/file/temporary.ts';
import { contextOf, failureOf, inputOf, refusalOf, replay, take } from '../../../contracts/engine/harness.ts';
import { createDatabase, type Folder, filesBeside, temporaryFolder, urlOf } from '../../../support/sqlite.ts';
import { capability, contentOf, restoreTest } from '../../../support/sqlite-contents.ts';
import { engine } from '../../../support/sqlite-engine.ts';
import { sqliteTemporaryFolder } from '../../../support/sqlite-lab.ts';

const LIKE = { rawSize: 1, tables: [] };
const HOUR = 3_600_000;

let folder: Folder;
let temporary: string;
let restore: () => void;
beforeAll(async () => {
  folder = temporaryFolder();
  temporary = join(folder.path, 'tmp');
  restore = await sqliteTemporaryFolder(temporary);
});
afterAll(() => {
  restore();
  folder[Symbol.dispose]();
});

const open = () => capability.openScratch('sqlite:any', LIKE, contextOf());

test('a restore test leaves the source as it is, and nothing behind', async () => {
  const path = createDatabase(folder.file(), 'WAL', 'CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  const before = await filesBeside(path);
  await restoreTest(await take(engine, urlOf(path)));
  expect(await filesBeside(path)).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
});

test('a scratch database is for its maker alone, whatever is usual; it tells no path', async () => {
  const taken = await take(engine, urlOf(createDatabase(folder.file(), 'WAL', 'CREATE TABLE t (a)')));
  const scratch = await open();
  const umask = process.umask(0);
  try {
    await engine.load(scratch.url, inputOf(taken), contextOf(), { inert: true });
  } finally {
    process.umask(umask);
  }
  const [name] = readdirSync(temporary);
  expect(scratch.name).toMatch(/^cofre_restore_test_[0-9a-z]+$/);
  expect(scratch.url).toBe(`sqlite:${join(temporary, name!, scratch.name)}`);
  expect(statSync(join(temporary, name!)).mode & 0o777).toBe(0o700);
  expect(statSync(join(temporary, name!, scratch.name)).mode & 0o777).toBe(0o600);
  expect(scratch.server).not.toContain('/');
  expect(scratch.version).toBe(taken.info.version);
  await scratch.drop();
  await scratch.drop();
  expect(readdirSync(temporary)).toEqual([]);
});

test('what dead makers left goes with the next run, sweep and doctor; of living ones it stays', async () => {
  const path = createDatabase(folder.file(), 'DELETE', 'CREATE TABLE t (a)');
  const alive = await open();
  const kept = readdirSync(temporary);
  const sweeps: (() => Promise<unknown>)[] = [
    async () => (await open()).drop(),
    async () => expect(await engine.sweep(urlOf(path))).toBe(3),
    async () => {
      const { findings } = await diagnose(contextOf(), { name: 'app', engine, url: urlOf(path) }, NEVER);
      expect(findings).toEqual([{ kind: 'mended', text: expect.stringContaining('3 things') }]);
    },
  ];
  for (const swept of sweeps) {
    makeFolder(deadOf(scratchFolder('0123456789abcdef')));
    writeFileSync(deadOf(temporaryBeside(temporaryPlace('content'))), '');
    writeFileSync(deadOf(temporaryBeside(temporaryPlace('verify'))), '');
    await swept();
    expect(readdirSync(temporary)).toEqual(kept);
  }
  await alive.drop();
});

test('of another host it goes a day after the last write to the file in it, not before', async () => {
  const foreign = (random: string) => scratchFolder(random).replace(/-[0-9a-f]{12}-/, '-000000000000-');
  const [young, old] = [foreign('0000000000000001'), foreign('0000000000000002')];
  for (const [path, hours] of [
    [young, 23],
    [old, 25],
  ] as const) {
    makeFolder(path);
    touch(join(path, 'file'), hours);
    touch(path, 48);
  }
  await (await open()).drop();
  expect(readdirSync(temporary).map((name) => join(temporary, name))).toEqual([young]);
  touch(join(young, 'file'), 25);
  expect(await engine.sweep(urlOf(folder.file()))).toBe(1);
});

test('nothing of another name is removed, no file, and nothing behind a link', async () => {
  const dead = deadOf(makerMark());
  const elsewhere = join(folder.path, 'elsewhere');
  makeFolder(elsewhere);
  const names = [
    'cofre_restore_test_abc',
    'cofre_restore_test_0123456789abcdef',
    `cofre_restore_test_abc-${dead}`,
    `cofre_restore_test_0123456789abcdef-${dead}.sqlite3`,
    `my_cofre_restore_test_0123456789abcdef-${dead}`,
  ];
  for (const name of names) makeFolder(join(temporary, name));
  const [file, link] = ['0000000000000001', '0000000000000002'].map((it) => deadOf(scratchFolder(it)));
  writeFileSync(file!, 'notes');
  symlinkSync(elsewhere, link!);
  const before = readdirSync(temporary);
  await (await open()).drop();
  expect(await engine.sweep(urlOf(folder.file()))).toBe(0);
  expect(readdirSync(temporary)).toEqual(before);
  expect(readdirSync(elsewhere)).toEqual(['file']);
});

test('no room for it, no temporary folder: refused in words', async () => {
  const before = readdirSync(temporary);
  const huge = capability.openScratch('sqlite:any', { ...LIKE, rawSize: 2 ** 50 }, contextOf());
  expect(await refusalOf(huge)).toBe('NO_SPACE');
  process.env['TMPDIR'] = join(folder.path, 'nowhere');
  expect(await refusalOf(open())).toBe('TARGET_INVALID');
  process.env['TMPDIR'] = temporary;
  expect(readdirSync(temporary)).toEqual(before);
});

test('a damaged image and an ended signal leave nothing', async () => {
  const before = readdirSync(temporary);
  const sql = 'CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(50000))';
  const taken = await take(engine, urlOf(createDatabase(folder.file(), 'DELETE', sql)));
  const bytes = taken.frames[0]!.bytes.fill(0x77, 4_096, 4_200);
  expect(await refusalOf(contentOf({ ...taken, frames: [{ ...taken.frames[0]!, bytes }] }))).toBe(
    'BACKUP_DAMAGED',
  );
  const ended = contextOf({ signal: AbortSignal.abort(new Error('enough')) });
  await expect(capability.openScratch('sqlite:any', LIKE, ended)).rejects.toThrow('enough');
  expect(readdirSync(temporary)).toEqual(before);
});

test('reading a content stops with the reason while its frames are silent, and while SQLite reads; nothing is left', async () => {
  const before = readdirSync(temporary);
  const sql = `CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) INSERT INTO t SELECT i FROM n`;
  const { frames } = await take(engine, urlOf(createDatabase(folder.file(), 'DELETE', sql)));
  async function* silent() {
    yield frames[0]!;
    await new Promise(() => {});
  }
  for (const [source, phase] of [
    [silent(), 'load'],
    [replay(frames), 'check'],
  ] as const) {
    const stop = new AbortController();
    const report = (progress: EngineProgress) => {
      if (progress.phase === phase) setImmediate(() => stop.abort(new Error('enough')));
    };
    const context = contextOf({ signal: stop.signal, report });
    const reading = capability.content({ frames: source, details: () => ({}) }, context);
    expect(await failureOf(reading)).toMatchObject({ message: 'enough' });
    expect(readdirSync(temporary)).toEqual(before);
  }
});

const NEVER = new AbortController().signal;

function scratchFolder(random: string): string {
  return join(temporary, `cofre_restore_test_${random}-${makerMark()}`);
}

/** A path, or mark, of this process as one of a process that has ended. */
function deadOf(path: string): string {
  return path.replace(`-${process.pid}-`, '-4194303-');
}

function makeFolder(path: string): void {
  mkdirSync(path);
  writeFileSync(join(path, 'file'), '');
}

function touch(path: string, hoursAgo: number): void {
  const then = new Date(Date.now() - hoursAgo * HOUR);
  utimesSync(path, then, then);
}
