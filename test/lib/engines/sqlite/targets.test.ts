import { chmodSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LogFields } from '../../../../lib/logger.ts';
import { silentLogger } from '../../../../lib/logger.ts';
import { contextOf, inputOf, refusalOf, replay, type Taken } from '../../../contracts/engine/harness.ts';
import { createDatabase, type Folder, filesBeside, temporaryFolder, urlOf } from '../../../support/sqlite.ts';
import { engine, save } from '../../../support/sqlite-engine.ts';
import { fingerprint } from '../../../support/sqlite-fingerprint.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';
import { OTHER, SAMPLE } from '../../../support/sqlite-sample.ts';

const TABLES = ['v0', 'v1', 'v2', 'v3'];
/** Tables whose every row says which version of the database it belongs to, far apart in the file. */
const versioned = (version: string, filler: number) =>
  TABLES.map(
    (name) => `CREATE TABLE ${name} (version TEXT, filler BLOB);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
      INSERT INTO ${name} SELECT '${version}', randomblob(${filler}) FROM n;`,
  ).join('\n');

for (const [from, to] of [
  ['WAL', 'WAL'],
  ['DELETE', 'WAL'],
  ['DELETE', 'DELETE'],
  ['WAL', 'DELETE'],
] as const) {
  test(`readers of a ${to} target see all old, then all new, without an error (backup of a ${from} database, 2 readers)`, async () => {
    using folder = temporaryFolder();
    const taken = await save(createDatabase(folder.file(), from, versioned('new', 900)), folder.file());
    const target = createDatabase(folder.file(), to, versioned('old', 700));
    await using one = await sqliteProcess(target);
    await using two = await sqliteProcess(target);
    for (const reader of [one, two]) await reader.loop('watch', { tables: TABLES, pauseMs: 1 });
    for (const reader of [one, two]) await expect.poll(() => reader.rounds()).toBeGreaterThan(0);
    await engine.load(urlOf(target), inputOf(taken), contextOf());
    // The first round after the load may have begun before it.
    for (const reader of [one, two]) {
      const rounds = await reader.rounds();
      await expect.poll(() => reader.rounds()).toBeGreaterThan(rounds + 1);
    }
    for (const reader of [one, two]) {
      const { errors, seen } = await reader.stop();
      expect({ errors, seen: [...seen] }).toEqual({ errors: [], seen: ['old', 'new'] });
    }
  });
}

test('an application that is connected goes on writing after the load, on the new data', async () => {
  using folder = temporaryFolder();
  for (const mode of ['DELETE', 'WAL'] as const) {
    const source = createDatabase(folder.file(), mode, SAMPLE);
    const taken = await save(source, folder.file());
    await using app = await sqliteProcess(source);
    await app.run('DELETE FROM accounts');
    await engine.load(urlOf(source), inputOf(taken), contextOf());
    await app.run('UPDATE accounts SET balance = balance + 1');
    expect(await app.all('SELECT sum(balance) AS sum FROM accounts')).toEqual([{ sum: 500_500 }]);
    expect(await app.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  }
});

const UNUSABLE: Record<string, (path: string) => void> = {
  'damaged: cut short': (path) => truncateSync(path, 8_192),
  'damaged: header': (path) => writeFileSync(path, readFileSync(path).fill(0xff, 16, 24)),
  'damaged: first table': (path) => writeFileSync(path, readFileSync(path).fill(0xee, 100, 4_096)),
  'damaged: pages': (path) => writeFileSync(path, readFileSync(path).fill(0xee, 4_096, 40_000)),
  'no database, or encrypted': (path) => writeFileSync(path, crypto.getRandomValues(new Uint8Array(20_000))),
  'of 0 bytes': (path) => truncateSync(path, 0),
};

for (const [title, spoil] of Object.entries(UNUSABLE)) {
  test(`a target that is ${title} becomes the backup, with its old permissions`, async () => {
    using folder = temporaryFolder();
    const { source, taken } = await sample(folder);
    const target = createDatabase(folder.file(), 'DELETE', OTHER);
    spoil(target);
    chmodSync(target, 0o640);
    await engine.load(urlOf(target), inputOf(taken), contextOf());
    expect(fingerprint(target)).toBe(fingerprint(source));
    expect(Object.keys(await filesBeside(target))).toEqual(['app.sqlite3']);
    expect(statSync(target).mode & 0o777).toBe(0o640);
  });
}

test('a file that is no database is replaced with a warning in the log', async () => {
  using folder = temporaryFolder();
  const { taken } = await sample(folder);
  const target = folder.file();
  writeFileSync(target, 'not a database at all'.repeat(100));
  const warnings: [string, LogFields?][] = [];
  const logger = { ...silentLogger, warn: (...line: [string, LogFields?]) => void warnings.push(line) };
  await engine.load(urlOf(target), inputOf(taken), contextOf({ logger }));
  expect(warnings).toEqual([[expect.stringContaining('replaced'), { target }]]);
});

test('a new target can be read by all whom the umask lets, and old logs do not get into it', async () => {
  using folder = temporaryFolder();
  const { source, taken } = await sample(folder);
  const target = folder.file();
  for (const suffix of ['-wal', '-shm', '-journal'])
    writeFileSync(target + suffix, 'left from a deleted database');
  await engine.load(urlOf(target), inputOf(taken), contextOf());
  expect(fingerprint(target)).toBe(fingerprint(source));
  expect(statSync(target).mode & 0o777).toBe(0o644 & ~process.umask());
  expect(existsSync(`${target}-journal`)).toBe(false);
});

test('a target that somebody makes during the load stays theirs, with its log: TARGET_BUSY', async () => {
  using folder = temporaryFolder();
  const { taken } = await sample(folder);
  const target = folder.file();
  let theirs = {};
  const input = inputOf(taken, async () => {
    createDatabase(target, 'DELETE', OTHER);
    writeFileSync(`${target}-wal`, 'their log');
    theirs = await filesOf(target);
  });
  expect(await refusalOf(engine.load(urlOf(target), input, contextOf()))).toBe('TARGET_BUSY');
  expect(Object.keys(theirs)).toEqual(['app.sqlite3', 'app.sqlite3-wal']);
  expect(await filesBeside(target)).toEqual(theirs);
});

/** What is beside the target but for the load's own files. */
async function filesOf(target: string): Promise<Record<string, string>> {
  const files = Object.entries(await filesBeside(target));
  return Object.fromEntries(files.filter(([name]) => !name.includes('.cofre-')));
}

test('a target of another page size with a connected application is TARGET_BUSY, and stays in WAL mode', async () => {
  using folder = temporaryFolder();
  const { taken } = await sample(folder);
  const target = createDatabase(folder.file(), 'WAL', OTHER, 1_024);
  const before = fingerprint(target);
  await using app = await sqliteProcess(target);
  await app.all('SELECT count(*) FROM accounts');
  expect(await refusalOf(engine.load(urlOf(target), inputOf(taken), contextOf()))).toBe('TARGET_BUSY');
  expect(await app.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(fingerprint(target)).toBe(before);
});

test('a folder, and a path below a file, are TARGET_INVALID', async () => {
  using folder = temporaryFolder();
  const { source, taken } = await sample(folder);
  for (const target of [folder.path, `${source}/below`]) {
    const load = engine.load(urlOf(target), { frames: replay(taken.frames) }, contextOf());
    expect(await refusalOf(load)).toBe('TARGET_INVALID');
  }
});

async function sample(folder: Folder): Promise<{ source: string; taken: Taken }> {
  const source = createDatabase(folder.file(), 'DELETE', SAMPLE);
  return { source, taken: await save(source, folder.file()) };
}
