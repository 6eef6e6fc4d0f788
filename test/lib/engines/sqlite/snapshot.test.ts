import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openForReading, openSnapshot } from '../../../../lib/engines/sqlite/child/snapshot.ts';
import { createDatabase, temporaryFolder } from '../../../support/sqlite.ts';

const ROWS = `CREATE TABLE t (a);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO t SELECT hex(randomblob(500)) FROM n`;

/** Moments that no timing can be trusted to hit: another connection acts just before the snapshot's transaction. */
function actBeforeBegin(database: DatabaseSync, times: number, act: () => void): void {
  const exec = database.exec.bind(database);
  let left = times;
  database.exec = (sql) => {
    if (sql === 'BEGIN' && left > 0) {
      left -= 1;
      act();
    }
    exec(sql);
  };
}

/** The first thing that is asked for once the snapshot is open is the page size. */
function actAfterBegin(database: DatabaseSync, act: () => void): void {
  const prepare = database.prepare.bind(database);
  let acted = false;
  database.prepare = (sql) => {
    if (database.isTransaction && sql.includes('page_size') && !acted) {
      acted = true;
      act();
    }
    return prepare(sql);
  };
}

test('a commit just before the transaction begins belongs to the snapshot: its mark is the later one', () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', ROWS);
  const [app, reader] = [new DatabaseSync(path), openForReading(path, 1_000)];
  app.exec('UPDATE t SET a = 1 WHERE rowid = 1');
  actBeforeBegin(reader, 2, () => app.exec('UPDATE t SET a = a + 1 WHERE rowid = 1'));
  const { wal } = openSnapshot(reader, path, 1_000);
  expect(reader.prepare('SELECT a FROM t WHERE rowid = 1').get()).toEqual({ a: 3 });
  expect(wal?.lastFrame).toBe(3);
  for (const database of [reader, app]) database.close();
});

test('a commit just after the transaction began does not belong to the snapshot, nor to its mark', () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', ROWS);
  const [app, reader] = [new DatabaseSync(path), openForReading(path, 1_000)];
  app.exec('UPDATE t SET a = 1 WHERE rowid = 1');
  actAfterBegin(reader, () => app.exec('UPDATE t SET a = a + 1 WHERE rowid = 1'));
  expect(openSnapshot(reader, path, 1_000).wal?.lastFrame).toBe(1);
  expect(reader.prepare('SELECT a FROM t WHERE rowid = 1').get()).toEqual({ a: 1 });
  for (const database of [reader, app]) database.close();
});

test('a change to WAL mode just before the transaction begins is noticed: the log belongs to the snapshot', () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', ROWS);
  const [app, reader] = [new DatabaseSync(path), openForReading(path, 1_000)];
  actBeforeBegin(reader, 1, () => app.exec("PRAGMA journal_mode = WAL; UPDATE t SET a = 'in the log'"));
  const { journalMode, wal } = openSnapshot(reader, path, 1_000);
  expect(journalMode).toBe('wal');
  expect(wal?.lastFrame).toBeGreaterThan(0);
  for (const database of [reader, app]) database.close();
});

test('commits that never pause for as long as we wait are SQLITE_BUSY, not a wrong mark', () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', ROWS);
  const [app, reader] = [new DatabaseSync(path), openForReading(path, 1_000)];
  actBeforeBegin(reader, Number.POSITIVE_INFINITY, () =>
    app.exec('UPDATE t SET a = random() WHERE rowid = 1'),
  );
  expect(() => openSnapshot(reader, path, 200)).toThrow(expect.objectContaining({ errcode: 5 }));
  for (const database of [reader, app]) database.close();
});
