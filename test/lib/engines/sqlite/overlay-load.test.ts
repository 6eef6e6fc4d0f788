import { expect, test } from 'vitest';
import { createDatabase, numberOf, temporaryFolder } from '../../../support/sqlite.ts';
import { save } from '../../../support/sqlite-engine.ts';
import type { LoopOptions } from '../../../support/sqlite-loops.ts';
import { type SqliteProcess, sqliteProcess } from '../../../support/sqlite-process.ts';
import { ACCOUNTS, TOTAL } from '../../../support/sqlite-sample.ts';
import { COUNTERS, inconsistencies, stressSchema } from '../../../support/sqlite-stress.ts';

/**
 * The proof that the pages of the log are laid over the file rightly while others write and checkpoint: 4 workloads of
 * 12 dumps each. What makes a stale page visible is said in sqlite-stress.ts.
 */
const DUMPS = 12;

interface Workload {
  readonly autoVacuum: 'NONE' | 'FULL' | 'INCREMENTAL';
  readonly autocheckpoint: number;
  readonly checkpointer: boolean;
  readonly options: LoopOptions;
}

const WORKLOADS: Record<string, Workload> = {
  'a checkpoint after every commit, and VACUUM': {
    autoVacuum: 'NONE',
    autocheckpoint: 1,
    checkpointer: false,
    options: { vacuumEvery: 50, pauseMs: 1 },
  },
  'all kinds of checkpoints by another process, growing and shrinking': {
    autoVacuum: 'FULL',
    autocheckpoint: 1_000_000,
    checkpointer: true,
    options: { shrinkEvery: 15 },
  },
  'no checkpoint at all: a log that only grows, and VACUUM': {
    autoVacuum: 'INCREMENTAL',
    autocheckpoint: 1_000_000,
    checkpointer: false,
    options: { vacuumEvery: 150, shrinkEvery: 40, pauseMs: 2 },
  },
  'rests between commits, so that the log is often checkpointed whole and restarted': {
    autoVacuum: 'NONE',
    autocheckpoint: 30,
    checkpointer: true,
    options: { pauseMs: 20, vacuumEvery: 30 },
  },
};

for (const [title, workload] of Object.entries(WORKLOADS)) {
  test(`${DUMPS} of ${DUMPS} dumps are what one transaction left: ${title}`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'WAL', stressSchema(workload.autoVacuum));
    await using writer = await startWriter(path, workload);
    await using checkpointer = workload.checkpointer ? await startCheckpointer(path) : undefined;
    const found = await dumpsOf(path, folder.file, writer);
    expect(found.flatMap(({ wrong }) => wrong)).toEqual([]);
    const generations = found.map(({ generation }) => generation);
    expect(generations).toEqual(generations.toSorted((a, b) => a - b));
    expect(found.filter(({ walFrames }) => walFrames > 0).length).toBeGreaterThan(0);
    expect(found.filter(({ commits }) => commits > 0).length).toBeGreaterThan(DUMPS / 2);
    expect((await writer.stop()).errors).toEqual([]);
    expect((await checkpointer?.stop())?.errors ?? []).toEqual([]);
  });
}

test('40 of 40 dumps have just the rows that their reader counts, at thousands of commits a second', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', FEW_ROWS);
  await using writer = await sqliteProcess(path);
  await writer.run('PRAGMA synchronous = OFF');
  await writer.loop('transfers');
  for (let n = 0; n < 40; n++) {
    const copy = folder.file();
    const { summary } = await save(path, copy);
    const counted = summary.tables.find(({ name }) => name === 'transfers')!.rows;
    expect(numberOf(copy, 'SELECT count(*) FROM transfers')).toBe(counted);
    expect(numberOf(copy, 'SELECT sum(balance) FROM accounts')).toBe(TOTAL);
  }
  expect((await writer.stop()).errors).toEqual([]);
});

/** So small that commits are quick, and each one adds a row. */
const FEW_ROWS = `
  CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER);
  CREATE TABLE transfers (id INTEGER PRIMARY KEY, payer INTEGER, payee INTEGER, amount INTEGER);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
    INSERT INTO accounts SELECT i, ${TOTAL / ACCOUNTS} FROM n;`;

interface Found {
  readonly wrong: readonly string[];
  readonly generation: number;
  /** Frames of the log that belonged to the snapshot. */
  readonly walFrames: number;
  /** What was committed while the dump was read. */
  readonly commits: number;
}

async function dumpsOf(path: string, file: () => string, writer: SqliteProcess): Promise<Found[]> {
  const found: Found[] = [];
  for (let n = 0; n < DUMPS; n++) {
    const copy = file();
    const before = await writer.rounds();
    const { summary } = await save(path, copy, 2 + 4 * n);
    const commits = (await writer.rounds()) - before;
    const wrong = inconsistencies(copy).map((line) => `dump ${n}: ${line}`);
    const generation = numberOf(copy, `SELECT generation FROM ${COUNTERS[0]}`);
    found.push({ wrong, generation, walFrames: Number(summary.details['walFrames']), commits });
  }
  return found;
}

async function startWriter(path: string, { autocheckpoint, options }: Workload): Promise<SqliteProcess> {
  const writer = await sqliteProcess(path);
  await writer.run(`PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = ${autocheckpoint}`);
  await writer.loop('generations', options);
  return writer;
}

/** Waits little for locks: those kinds that wait for readers must not stop the writer for the whole dump. */
async function startCheckpointer(path: string): Promise<SqliteProcess> {
  const checkpointer = await sqliteProcess(path, 10);
  await checkpointer.loop('checkpoints', { pauseMs: 3 });
  return checkpointer;
}
