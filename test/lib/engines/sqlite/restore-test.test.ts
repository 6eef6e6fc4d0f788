import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { take } from '../../../contracts/engine/harness.ts';
import { createDatabase, temporaryFolder, urlOf, withDatabase } from '../../../support/sqlite.ts';
import { contentOf, restoreTest, told } from '../../../support/sqlite-contents.ts';
import { engine } from '../../../support/sqlite-engine.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';

const CHINOOK = fileURLToPath(new URL('../../../data/chinook.sqlite3', import.meta.url));

const COUNTED = 'CREATE TRIGGER counted AFTER INSERT ON orders BEGIN UPDATE tags SET n = n + 1; END';

const SHOP = `
  PRAGMA user_version = 7; PRAGMA application_id = 1129268815;
  CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT 'nobody', photo BLOB);
  CREATE TABLE orders (customer INTEGER CONSTRAINT buyer REFERENCES customers (id), total REAL);
  CREATE TABLE tags (tag TEXT PRIMARY KEY, n) WITHOUT ROWID;
  CREATE INDEX by_total ON orders (total);
  CREATE VIEW big AS SELECT * FROM orders WHERE total > 10;
  ${COUNTED};
  INSERT INTO customers (name, photo) VALUES ('Ana', x'00ff10'), ('Bia', x'00ff11'), ('Ana', NULL);
  INSERT INTO orders VALUES (1, 10.5), (1, 10.5), (2, 0.1);
  INSERT INTO tags VALUES ('new', 1), ('old', 2);`;

for (const mode of ['DELETE', 'TRUNCATE', 'PERSIST', 'MEMORY', 'OFF', 'WAL']) {
  test(`a database in journal mode ${mode} comes back without a difference`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'DELETE', `${SHOP} PRAGMA journal_mode = ${mode};`);
    expect(told(await restoreTest(await take(engine, urlOf(path))))).toEqual([]);
  });
}

test('so does one whose last transactions are in its log only', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', SHOP);
  await using app = await sqliteProcess(path);
  await app.run("PRAGMA wal_autocheckpoint = 0; INSERT INTO tags VALUES ('log', 3)");
  const taken = await take(engine, urlOf(path));
  expect(Number(taken.summary.details['walFrames'])).toBeGreaterThan(0);
  expect((await contentOf(taken)).sums.get('ROWS\0tags')?.rows).toBe(3);
  expect(told(await restoreTest(taken))).toEqual([]);
});

test('Chinook: 11 tables, 15,607 rows, equal', async () => {
  using folder = temporaryFolder();
  const path = folder.file();
  copyFileSync(CHINOOK, path);
  const taken = await take(engine, urlOf(path));
  const { sums } = await contentOf(taken);
  expect(sums.size).toBe(11);
  expect([...sums.values()].reduce((all, { rows }) => all + rows, 0)).toBe(15_607);
  expect(told(await restoreTest(taken))).toEqual([]);
});

/** What is changed in the copy, and how it is told. */
const PLANTED: Record<string, readonly [sql: string, told: readonly string[]]> = {
  'a changed byte of a blob': [
    `UPDATE customers SET photo = x'00fe10' WHERE id = 1`,
    ['ROWS customers: 3 rows | 3 rows'],
  ],
  'a blob instead of a text of the same bytes': [
    `UPDATE customers SET name = CAST(name AS BLOB) WHERE id = 2`,
    ['ROWS customers: 3 rows | 3 rows'],
  ],
  'the last bit of a number': [
    'UPDATE orders SET total = 0.1 + 1.4e-17 WHERE customer = 2',
    ['ROWS orders: 3 rows | 3 rows'],
  ],
  'NULL for nothing at all': [
    `UPDATE customers SET photo = x'' WHERE id = 3`,
    ['ROWS customers: 3 rows | 3 rows'],
  ],
  'a lost row': [`DELETE FROM tags WHERE tag = 'old'`, ['ROWS tags: 2 rows | 1 rows']],
  'a row twice': [
    'DROP TRIGGER counted; INSERT INTO orders SELECT * FROM orders WHERE rowid = 3',
    [`TRIGGER counted: ${COUNTED} | null`, 'ROWS orders: 3 rows | 4 rows'],
  ],
  'a row twice, another one lost': [
    'UPDATE orders SET customer = 2, total = 0.1 WHERE rowid = 1',
    ['ROWS orders: 3 rows | 3 rows'],
  ],
  'another rowid where there is no key': [
    'UPDATE orders SET rowid = 99 WHERE rowid = 3',
    ['ROWS orders: 3 rows | 3 rows'],
  ],
  'a lost index': ['DROP INDEX by_total', ['INDEX by_total: CREATE INDEX by_total ON orders (total) | null']],
  'a changed default': [
    edit('customers', "'nobody'", "'somebody'"),
    [
      `TABLE customers: ${customers("'nobody'")} | ${customers("'somebody'")}`, //
    ],
  ],
  'a view left out': [
    'DROP VIEW big',
    ['VIEW big: CREATE VIEW big AS SELECT * FROM orders WHERE total > 10 | null'],
  ],
  'a table left out': [
    'DROP TABLE tags',
    [
      'TABLE tags: CREATE TABLE tags (tag TEXT PRIMARY KEY, n) WITHOUT ROWID | null',
      'ROWS tags: 2 rows | null',
    ],
  ],
  'a trigger of more': [
    'CREATE TRIGGER more AFTER DELETE ON tags BEGIN SELECT 1; END',
    ['TRIGGER more: null | CREATE TRIGGER more AFTER DELETE ON tags BEGIN SELECT 1; END'],
  ],
  'a sequence behind': [`UPDATE sqlite_sequence SET seq = 2`, ['SEQUENCE customers: 3 | 2']],
  'a sequence lost': ['DELETE FROM sqlite_sequence', ['SEQUENCE customers: 3 | null']],
  'a foreign key renamed': [
    edit('orders', 'buyer', 'payer'),
    [`TABLE orders: ${orders('buyer', '')} | ${orders('payer', '')}`],
  ],
  'a foreign key that does something else': [
    edit('orders', '(id)', '(id) ON DELETE CASCADE'),
    [`TABLE orders: ${orders('buyer', '')} | ${orders('buyer', ' ON DELETE CASCADE')}`],
  ],
  'another version for the application': ['PRAGMA user_version = 8', ['DATABASE user_version: 7 | 8']],
  'another application': ['PRAGMA application_id = 1', ['DATABASE application_id: 1129268815 | 1']],
  'another journal mode': ['PRAGMA journal_mode = WAL', ['DATABASE journal_mode: delete | wal']],
  'pages of another size': ['PRAGMA page_size = 8192; VACUUM', ['DATABASE page_size: 4096 | 8192']],
  'pages that follow one another otherwise': [
    'PRAGMA auto_vacuum = FULL; VACUUM',
    ['DATABASE auto_vacuum: 0 | 1'],
  ],
};

for (const [title, [sql, expected]] of Object.entries(PLANTED)) {
  test(`found: ${title}`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'DELETE', SHOP);
    const differences = await restoreTest(await take(engine, urlOf(path)), sql);
    expect(told(differences)).toEqual(expected);
    expect(differences.every(({ explained }) => explained === null)).toBe(true);
  });
}

test('found: bytes that are no text in a default, and in a value', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(
    folder.file(),
    'DELETE',
    `CREATE TABLE t (a DEFAULT 'x?x'); INSERT INTO t VALUES (CAST(x'ff00fe' AS TEXT))`,
  );
  const broken = (byte: string) =>
    `PRAGMA writable_schema = ON; UPDATE sqlite_schema
      SET sql = CAST(replace(CAST(sql AS BLOB), CAST('?' AS BLOB), CAST(x'${byte}' AS TEXT)) AS TEXT); PRAGMA writable_schema = RESET;`;
  withDatabase(path, (it) => it.enableDefensive(false) ?? it.exec(broken('f5')));
  const taken = await take(engine, urlOf(path));
  expect(told(await restoreTest(taken))).toEqual([]);
  const value = await restoreTest(taken, `UPDATE t SET a = CAST(x'ff00fd' AS TEXT)`);
  expect(told(value)).toEqual(['ROWS t: 1 rows | 1 rows']);
  const other = `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(replace(hex(sql), 'F5', 'F6') AS TEXT);
    UPDATE sqlite_schema SET sql = CAST(unhex(sql) AS TEXT); PRAGMA writable_schema = RESET`;
  expect((await restoreTest(taken, other)).map(({ kind, object }) => `${kind} ${object}`)).toEqual([
    'TABLE t',
  ]);
});

function customers(byDefault: string): string {
  return `CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT ${byDefault}, photo BLOB)`;
}

function orders(constraint: string, action: string): string {
  return `CREATE TABLE orders (customer INTEGER CONSTRAINT ${constraint} REFERENCES customers (id)${action}, total REAL)`;
}

function edit(table: string, from: string, to: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return `PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, ${quoted(from)}, ${quoted(to)}) WHERE name = '${table}'`;
}
