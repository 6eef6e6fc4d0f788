import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contextOf, inputOf, refusalOf } from '../../../contracts/engine/harness.ts';
import {
  createDatabase,
  type Folder,
  temporaryFolder,
  urlOf,
  withDatabase,
} from '../../../support/sqlite.ts';
import { engine, save } from '../../../support/sqlite-engine.ts';

const SCHEMA = `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, body BLOB);
  CREATE INDEX t_by_a ON t (a);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    INSERT INTO t SELECT i, 'text ' || i, randomblob(CASE WHEN i % 100 = 0 THEN 20000 ELSE 300 END) FROM n;
  CREATE TABLE dropped AS SELECT * FROM t LIMIT 400; DROP TABLE dropped;`;

/** Where to find one page of each kind (https://www.sqlite.org/dbstat.html), and what to write over which bytes. */
const KINDS: Record<string, { sql: string; at: number; bytes: number[] }> = {
  'leaf of a table': { sql: page('t', 'leaf', 5), at: 0, bytes: [0xff, 0xff, 0xff, 0xff] },
  'cells of a table': { sql: page('t', 'leaf', 9), at: 8, bytes: [0xff, 0xff, 0xff, 0xff] },
  'inner page of a table': { sql: page('t', 'internal', 0), at: 8, bytes: [0x7f, 0xff, 0xff, 0xff] },
  'leaf of an index': { sql: page('t_by_a', 'leaf', 3), at: 0, bytes: [0x0d] },
  'inner page of an index': { sql: page('t_by_a', 'internal', 0), at: 3, bytes: [0, 0] },
  'overflow page': { sql: page('t', 'overflow', 2), at: 0, bytes: [0x7f, 0xff, 0xff, 0xff] },
  'list of free pages': { sql: 'SELECT 0 AS pageno', at: 36, bytes: [0, 0, 0, 1] },
};

for (const [kind, { sql, at, bytes }] of Object.entries(KINDS)) {
  test(`a damaged ${kind} is SOURCE_DAMAGED, and the frames do not end`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'DELETE', SCHEMA);
    const pageno = withDatabase(path, (it) => Number(it.prepare(sql).get()!['pageno']));
    overwrite(path, Math.max(0, pageno - 1) * 4096 + at, bytes);
    await expectDamaged(folder, path);
  });
}

test('a row that is missing from an index is SOURCE_DAMAGED', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SCHEMA);
  const schema = (sql: string) =>
    withDatabase(path, (it) => {
      it.enableDefensive(false);
      it.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '${sql}' WHERE name = 't_by_a'`);
    });
  // While the index is said to be partial, a new row does not go into it.
  schema("CREATE INDEX t_by_a ON t (a) WHERE a = ''never''");
  withDatabase(path, (it) => it.exec("INSERT INTO t VALUES (90000, 'not in the index', NULL)"));
  schema('CREATE INDEX t_by_a ON t (a)');
  await expectDamaged(folder, path);
});

test('damage that is only in the log is SOURCE_DAMAGED as well', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SCHEMA);
  const pageno = withDatabase(path, (it) => Number(it.prepare(page('t', 'leaf', 5)).get()!['pageno']));
  overwrite(path, (pageno - 1) * 4096, [0xff, 0xff]);
  withDatabase(path, (it) => it.exec("PRAGMA journal_mode = WAL; INSERT INTO t VALUES (90000, 'x', 'x')"));
  await expectDamaged(folder, path);
});

test('a row that breaks a CHECK is no damage: backed up and restored', async () => {
  using folder = temporaryFolder();
  const sql =
    'CREATE TABLE t (a CHECK (a > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES (-1)';
  const path = createDatabase(folder.file(), 'DELETE', sql);
  const taken = await save(path, folder.file());
  expect(taken.summary).toMatchObject({ tables: [{ name: 't', rows: 1 }], warnings: [] });
  expect((await engine.load(urlOf(folder.file()), inputOf(taken), contextOf())).rows).toBe(1);
});

/** The dump fails, at once or after some frames; what was read of it is no backup. */
async function expectDamaged(folder: Folder, path: string): Promise<void> {
  const before = readFileSync(path).toString('base64');
  expect(await refusalOf(save(path, folder.file()))).toBe('SOURCE_DAMAGED');
  expect(readFileSync(path).toString('base64')).toBe(before);
}

/** A page of a table or index, of a kind, the `n`th of its kind. */
function page(name: string, kind: string, n: number): string {
  return `SELECT pageno FROM dbstat WHERE name = '${name}' AND pagetype = '${kind}' ORDER BY pageno LIMIT 1 OFFSET ${n}`;
}

function overwrite(path: string, position: number, bytes: number[]): void {
  const file = openSync(path, 'r+');
  writeSync(file, Uint8Array.from(bytes), 0, bytes.length, position);
  closeSync(file);
}
