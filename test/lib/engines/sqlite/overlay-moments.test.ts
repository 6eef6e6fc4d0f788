import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDatabase, numberOf, temporaryFolder } from '../../../support/sqlite.ts';
import { openDump, save, saveOpen } from '../../../support/sqlite-engine.ts';
import { fingerprint } from '../../../support/sqlite-fingerprint.ts';
import { type SqliteProcess, sqliteProcess } from '../../../support/sqlite-process.ts';
import { COUNTERS, inconsistencies, stressSchema } from '../../../support/sqlite-stress.ts';

const CHANGE = `
  BEGIN IMMEDIATE;
  ${COUNTERS.map((name) => `UPDATE ${name} SET generation = generation + 1;`).join('\n')}
  DELETE FROM bodies WHERE id % 3 = 0 OR id > 100000;
  INSERT INTO bodies SELECT id + 100000, generation, 5000, printf('%.*c', 5000, char(97 + generation % 26))
    FROM bodies, ${COUNTERS[0]} WHERE id % 5 = 0;
  COMMIT;`;
const EMPTY = `BEGIN IMMEDIATE; DELETE FROM bodies; COMMIT; VACUUM;`;
const checkpoint = (kind: string) => `PRAGMA wal_checkpoint(${kind});`;

/** What an application does before the snapshot, and what it does while the snapshot is read. */
const MOMENTS: Record<string, { before: string; meanwhile: string }> = {
  'log whole in the file, then restarted and written over': {
    before: CHANGE + checkpoint('PASSIVE'),
    meanwhile: CHANGE + CHANGE,
  },
  'log whole in the file, then restarted, the database emptied and shrunk': {
    before: CHANGE + checkpoint('PASSIVE'),
    meanwhile: EMPTY,
  },
  'log whole in the file, then cut to 0 bytes': {
    before: CHANGE + checkpoint('FULL'),
    meanwhile: checkpoint('TRUNCATE') + CHANGE,
  },
  'log restarted before, with frames of the former run behind it': {
    before: `${CHANGE + CHANGE + CHANGE + checkpoint('RESTART')} UPDATE totals SET rows = rows;`,
    meanwhile: CHANGE + checkpoint('PASSIVE') + CHANGE,
  },
  'log only partly in the file, then checkpointed and continued': {
    before: CHANGE,
    meanwhile: checkpoint('PASSIVE') + CHANGE + checkpoint('PASSIVE') + CHANGE,
  },
  'all pages in the log, then everything deleted': {
    before: `${CHANGE} VACUUM;`,
    meanwhile: EMPTY + checkpoint('PASSIVE') + CHANGE,
  },
  'an empty log, then a long one': {
    before: checkpoint('TRUNCATE'),
    meanwhile: CHANGE + CHANGE + checkpoint('PASSIVE'),
  },
};

for (const [title, { before, meanwhile }] of Object.entries(MOMENTS)) {
  test(`the snapshot stays (changed before and after the first frame): ${title}`, async () => {
    for (const first of [true, false]) {
      using folder = temporaryFolder();
      const path = createDatabase(folder.file(), 'WAL', stressSchema('NONE'));
      await using app = await sqliteProcess(path, 100);
      await app.run(`PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0; ${before}`);
      const generation = await generationOf(app);
      const copy = folder.file();
      const dump = await openDump(path);
      if (first) await app.run(meanwhile);
      await saveOpen(dump, copy, async () => !first && (await app.run(meanwhile)));
      expect(inconsistencies(copy)).toEqual([]);
      expect(numberOf(copy, `SELECT generation FROM ${COUNTERS[0]}`)).toBe(generation);
    }
  });
}

test('the restarted logs above were restarted indeed: other salts while the snapshot is open', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', stressSchema('NONE'));
  await using app = await sqliteProcess(path, 100);
  await app.run(`PRAGMA wal_autocheckpoint = 0; ${CHANGE} ${checkpoint('PASSIVE')}`);
  const salts = () => readFileSync(`${path}-wal`).subarray(16, 24).toString('hex');
  const before = salts();
  const dump = await openDump(path);
  await app.run(CHANGE);
  expect(salts()).not.toBe(before);
  await saveOpen(dump, folder.file());
  expect(dump.summary().details['walFrames']).toBeGreaterThan(0);
});

test('an idle application keeps its log: neither file nor log are touched by a dump', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', stressSchema('NONE'));
  await using app = await sqliteProcess(path);
  await app.run(CHANGE);
  const bytes = () => [readFileSync(path), readFileSync(`${path}-wal`)].map((it) => it.toString('base64'));
  const before = bytes();
  const copy = folder.file();
  await save(path, copy);
  expect(bytes()).toEqual(before);
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  expect(fingerprint(copy)).toBe(fingerprint(path));
});

test('15 dumps or more, of both modes, are whole while the application changes the journal mode all the time', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', stressSchema('NONE'));
  await using app = await sqliteProcess(path, 5_000);
  await app.run('PRAGMA synchronous = OFF');
  await app.loop('modes');
  const modes = new Set<unknown>();
  // Which mode a dump meets is chance: one that was not met among the first 15 is waited for.
  for (let n = 0; n < 15 || (modes.size < 2 && n < 300); n++) {
    const copy = folder.file();
    const { summary } = await save(path, copy);
    modes.add(summary.details['journalMode']);
    expect(inconsistencies(copy)).toEqual([]);
  }
  expect((await app.stop()).errors).toEqual([]);
  expect([...modes].toSorted()).toEqual(['delete', 'wal']);
});

async function generationOf(app: SqliteProcess): Promise<number> {
  return Number((await app.all(`SELECT generation FROM ${COUNTERS[0]}`))[0]!['generation']);
}
