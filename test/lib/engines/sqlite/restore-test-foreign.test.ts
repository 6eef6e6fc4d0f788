import { expect, test } from 'vitest';
import { take } from '../../../contracts/engine/harness.ts';
import { createDatabase, temporaryFolder, urlOf, withDatabase } from '../../../support/sqlite.ts';
import { contentOf, restoreTest, told } from '../../../support/sqlite-contents.ts';
import { engine } from '../../../support/sqlite-engine.ts';

/** Functions that only the application has; `PLAIN` is the schema with functions of SQLite in their places. */
const PLAIN = `
  CREATE TABLE t (a, b AS (abs(a)), c AS (lower(a)) STORED, d CHECK (upper(d) <> ''));
  CREATE INDEX by_slug ON t (trim(a)) WHERE hex(d) IS NOT NULL;
  CREATE VIEW v AS SELECT quote(a) AS q FROM t;
  CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT length(new.a); END;
  INSERT INTO t (a, d) VALUES ('X', 1), ('Y', 2);`;
const FUNCTIONS = ['abs', 'lower', 'upper', 'trim', 'hex', 'quote', 'length'];

test('functions in views, triggers, generated columns, checks and indexes are never called', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', PLAIN);
  for (const name of FUNCTIONS) edit(path, `sql = replace(sql, '${name}(', 'app_${name}(')`);
  expect(() => withDatabase(path, (it) => it.prepare('SELECT b FROM t').all())).toThrow('app_abs');
  const taken = await take(engine, urlOf(path));
  const { objects, sums } = await contentOf(taken);
  expect(objects.get('VIEW\0v')?.text).toBe('CREATE VIEW v AS SELECT app_quote(a) AS q FROM t');
  expect([...sums.keys()]).toEqual(['ROWS\0t']);
  expect(told(await restoreTest(taken))).toEqual([]);
  expect(told(await restoreTest(taken, WITHOUT_PROGRAMS)).some((it) => it.startsWith('ROWS'))).toBe(false);
  const stored = await restoreTest(taken, `${WITHOUT_PROGRAMS}; UPDATE t SET c = 'z' WHERE a = 'X'`);
  expect(told(stored)).toContain('ROWS t: 2 rows | 2 rows');
});

/** Where an application's functions are needed for no change any more; the table's bytes stay as they are. */
const WITHOUT_PROGRAMS = `PRAGMA writable_schema = ON;
  UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a, b AS (1), c, d)' WHERE name = 't';
  UPDATE sqlite_schema SET sql = 'CREATE INDEX by_slug ON t (a)' WHERE name = 'by_slug';
  DELETE FROM sqlite_schema WHERE type IN ('trigger', 'view'); PRAGMA writable_schema = RESET`;

test('rows of a virtual table whose module is not here are compared by the tables that hold them', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(
    folder.file(),
    'DELETE',
    `CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES ('x'), ('y')`,
  );
  edit(path, `sql = 'CREATE VIRTUAL TABLE f USING app_search(a)' WHERE name = 'f'`);
  const taken = await take(engine, urlOf(path));
  expect((await contentOf(taken)).sums.get('ROWS\0f_content')?.rows).toBe(2);
  expect(told(await restoreTest(taken))).toEqual([]);
  const changed = await restoreTest(taken, `UPDATE f_content SET c0 = 'z' WHERE id = 1`);
  expect(told(changed)).toEqual(['ROWS f_content: 2 rows | 2 rows']);
});

test('a table sorted by a collation that is not here is compared: by rows, or where SQLite cannot, by pages', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(
    folder.file(),
    'DELETE',
    `CREATE TABLE r (k TEXT COLLATE NOCASE UNIQUE, v); INSERT INTO r VALUES ('a', 1);
     CREATE TABLE w (k TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID;
     INSERT INTO w VALUES ('a', 1), ('b', hex(zeroblob(20000))), ('c', 'the end');`,
  );
  edit(path, `sql = replace(sql, 'NOCASE', 'APP')`);
  const taken = await take(engine, urlOf(path));
  const { sums } = await contentOf(taken);
  expect([...sums.keys()]).toEqual(['ROWS\0r', 'PAGES\0w']);
  expect(sums.get('PAGES\0w')!.rows).toBeGreaterThan(9);
  expect(told(await restoreTest(taken))).toEqual([]);
  const changed = `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'APP', 'BINARY'); PRAGMA writable_schema = RESET;
    UPDATE w SET v = 'The end' WHERE k = 'c';
    PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'BINARY', 'APP')`;
  expect((await restoreTest(taken, changed)).map(({ kind, object }) => `${kind} ${object}`)).toEqual([
    'PAGES w',
  ]);
});

test('a table of more columns than a query may have is compared by pages', async () => {
  using folder = temporaryFolder();
  const columns = Array.from({ length: 2_000 }, (_, n) => `c${n}`);
  const sql = `CREATE TABLE t (${columns.join()}); INSERT INTO t (c1999) VALUES (CAST(x'ff' AS TEXT))`;
  const taken = await take(engine, urlOf(createDatabase(folder.file(), 'DELETE', sql)));
  expect([...(await contentOf(taken)).sums.keys()]).toEqual(['PAGES\0t']);
  expect(told(await restoreTest(taken, `UPDATE t SET c1999 = CAST(x'fe' AS TEXT)`))).toHaveLength(1);
});

test('UTF-16 text that is no text keeps its bytes', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(
    folder.file(),
    'DELETE',
    `PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a); INSERT INTO t VALUES (CAST(x'00d84100' AS TEXT)), ('ação')`,
  );
  const taken = await take(engine, urlOf(path));
  expect(told(await restoreTest(taken))).toEqual([]);
  // A surrogate with whatever follows is the same character to SQLite as a whole pair.
  const changed = `UPDATE t SET a = CAST(x'00d841dc' AS TEXT) WHERE rowid = 1`;
  expect(told(await restoreTest(taken, changed))).toEqual(['ROWS t: 2 rows | 2 rows']);
});

test('columns that have taken all names of the rowid', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(
    folder.file(),
    'DELETE',
    'CREATE TABLE some (rowid, "_ROWID_"); INSERT INTO some VALUES (1, 2); CREATE TABLE every (rowid, oid, _rowid_); INSERT INTO every VALUES (1, 2, 3)',
  );
  const taken = await take(engine, urlOf(path));
  expect(told(await restoreTest(taken))).toEqual([]);
  const changed = 'UPDATE some SET oid = 5; UPDATE every SET rowid = 2';
  expect(told(await restoreTest(taken, changed))).toEqual([
    'ROWS every: 1 rows | 1 rows',
    'ROWS some: 1 rows | 1 rows',
  ]);
});

function edit(path: string, set: string): void {
  withDatabase(path, (it) => {
    it.enableDefensive(false);
    it.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET ${set}`);
  });
}
