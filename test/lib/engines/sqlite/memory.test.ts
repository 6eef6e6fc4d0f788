import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDatabase, numberOf, temporaryFolder } from '../../../support/sqlite.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';
import { runTask } from '../../../support/sqlite-task.ts';

const MIB = 1024 * 1024;
const LIMIT = 200 * MIB;
const HALF =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 315) INSERT INTO t SELECT i, zeroblob(1000000) FROM n';

test('a database of 600 MiB, half of it in the log, is dumped and loaded by processes that stay under 200 MiB', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', `CREATE TABLE t (half INT, body BLOB); ${HALF}`);
  await using app = await sqliteProcess(path);
  await app.run(`PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0; ${HALF}`);
  expect(statSync(path).size + statSync(`${path}-wal`).size).toBeGreaterThan(3 * LIMIT);
  const target = folder.file();
  const outcome = await runTask({ verb: 'copy', path, target }, ['--max-old-space-size=48']);
  expect(outcome).toMatchObject({ code: 'done' });
  expect(outcome.peakKiB * 1024).toBeLessThan(LIMIT);
  expect(outcome.childrenPeakKiB * 1024).toBeLessThan(LIMIT);
  expect(outcome.childrenPeakKiB).toBeGreaterThan(0);
  expect(statSync(target).size).toBeGreaterThan(3 * LIMIT);
  expect(numberOf(target, 'SELECT sum(length(body)) FROM t')).toBe(630_000_000);
});
