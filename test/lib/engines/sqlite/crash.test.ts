import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDatabase, type JournalMode, numberOf, temporaryFolder } from '../../../support/sqlite.ts';
import { save } from '../../../support/sqlite-engine.ts';
import { type SqliteProcess, sqliteProcess } from '../../../support/sqlite-process.ts';
import { COUNTERS, inconsistencies, stressSchema } from '../../../support/sqlite-stress.ts';

const STEP = COUNTERS.map((name) => `UPDATE ${name} SET generation = generation + 1;`).join('');
/** A transaction so big for so small a cache that its pages reach the disk before it is committed. */
const UNFINISHED = `PRAGMA cache_size = 5; BEGIN; ${STEP} DELETE FROM bodies WHERE id > 10`;

test('a log left by a killed writer: what was committed is dumped, what was not is not; file and log stay', async () => {
  using folder = temporaryFolder();
  const path = await killedWith(folder.file(), 'WAL', `${STEP} ${UNFINISHED}`);
  const bytes = contents(path, `${path}-wal`);
  expect(bytes[1]!.length).toBeGreaterThan(100_000);
  const copy = folder.file();
  const { summary } = await save(path, copy);
  expect(Number(summary.details['walFrames'])).toBeGreaterThan(0);
  expectGeneration(copy, 2);
  expect(contents(path, `${path}-wal`)).toEqual(bytes);
});

test('a log left without its index: dumped all the same; file and log stay', async () => {
  using folder = temporaryFolder();
  const path = await killedWith(folder.file(), 'WAL', `${STEP} ${UNFINISHED}`);
  rmSync(`${path}-shm`);
  const bytes = contents(path, `${path}-wal`);
  const copy = folder.file();
  await save(path, copy);
  expectGeneration(copy, 2);
  expect(contents(path, `${path}-wal`)).toEqual(bytes);
});

test('a log that is missing: what is in the file is dumped', async () => {
  using folder = temporaryFolder();
  const path = await killedWith(folder.file(), 'WAL', `${STEP} PRAGMA wal_checkpoint(FULL); ${STEP}`);
  rmSync(`${path}-wal`);
  const copy = folder.file();
  const { summary } = await save(path, copy);
  expect(summary.details).toMatchObject({ journalMode: 'wal', walFrames: 0 });
  expectGeneration(copy, 2);
  expect(existsSync(`${path}-wal`)).toBe(false);
});

test('a hot journal left by a killed writer is rolled back, as for any reader: the state before is dumped', async () => {
  using folder = temporaryFolder();
  const path = await killedWith(folder.file(), 'DELETE', `${STEP} ${UNFINISHED}`);
  expect(readFileSync(`${path}-journal`).length).toBeGreaterThan(100_000);
  const copy = folder.file();
  await save(path, copy);
  expectGeneration(copy, 2);
  expect(existsSync(`${path}-journal`)).toBe(false);
});

for (const mode of ['DELETE', 'WAL'] as const) {
  test(`killed at 8 random moments of hard work (${mode}): each dump is whole and has all that was committed`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), mode, stressSchema('FULL'));
    for (let n = 0; n < 8; n++) {
      const committed = await killedAtWork(path, 20 + Math.random() * 150);
      const copy = folder.file();
      await save(path, copy);
      expect(inconsistencies(copy)).toEqual([]);
      expect(numberOf(copy, `SELECT generation FROM ${COUNTERS[3]}`)).toBeGreaterThanOrEqual(committed);
    }
  });
}

/** A database whose writer did `work`, the last of it perhaps not committed, and was killed. */
async function killedWith(path: string, mode: JournalMode, work: string): Promise<string> {
  createDatabase(path, mode, stressSchema('NONE'));
  const writer = await sqliteProcess(path);
  await writer.run(`PRAGMA wal_autocheckpoint = 0; ${work}`);
  await writer.kill();
  return path;
}

/** Kills a writer after `ms`; gives the last generation it is known to have committed. */
async function killedAtWork(path: string, ms: number): Promise<number> {
  const writer = await sqliteProcess(path);
  await writer.run('PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 20');
  const began = await generation(writer);
  await writer.loop('generations', { vacuumEvery: 7, shrinkEvery: 11 });
  await sleep(ms);
  const rounds = await writer.rounds();
  await writer.kill();
  return began + rounds;
}

async function generation(process: SqliteProcess): Promise<number> {
  return Number((await process.all(`SELECT generation FROM ${COUNTERS[0]}`))[0]!['generation']);
}

function expectGeneration(path: string, expected: number): void {
  expect(inconsistencies(path)).toEqual([]);
  expect(numberOf(path, `SELECT generation FROM ${COUNTERS[0]}`)).toBe(expected);
  expect(numberOf(path, 'SELECT count(*) FROM bodies')).toBe(1_500);
}

/** Base64, for a quick comparison. */
function contents(...paths: string[]): string[] {
  return paths.map((path) => readFileSync(path).toString('base64'));
}
