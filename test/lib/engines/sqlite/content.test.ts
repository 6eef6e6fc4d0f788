import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { contextOf, inputOf, type Taken } from '../../../contracts/engine/harness.ts';
import {
  createDatabase,
  integrity,
  numberOf,
  temporaryFolder,
  urlOf,
  withDatabase,
} from '../../../support/sqlite.ts';
import { differencesAt, told } from '../../../support/sqlite-contents.ts';
import { engine, save } from '../../../support/sqlite-engine.ts';
import { fingerprint, rowCounts } from '../../../support/sqlite-fingerprint.ts';

const CONTENTS: Record<string, string> = {
  'full-text search (FTS5, FTS4, external content)': `
    CREATE VIRTUAL TABLE pages USING fts5(title, body, tokenize = 'porter unicode61', prefix = '2 3');
    INSERT INTO pages VALUES ('Título', 'backups that restore'), ('zwei', 'Übung macht den Meister');
    CREATE VIRTUAL TABLE old_pages USING fts4(body); INSERT INTO old_pages VALUES ('four');
    CREATE TABLE docs (id INTEGER PRIMARY KEY, body); INSERT INTO docs VALUES (1, 'outside');
    CREATE VIRTUAL TABLE found USING fts5(body, content = 'docs', content_rowid = 'id');
    INSERT INTO found(found) VALUES ('rebuild');`,
  'spatial trees (R*Tree, Geopoly)': `
    CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1, +label TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      INSERT INTO boxes SELECT i, i, i + 1.5, -i, 2 - i, 'box ' || i FROM n;
    CREATE VIRTUAL TABLE shapes USING geopoly(name); INSERT INTO shapes(_shape, name) VALUES ('[[0,0],[1,0],[0,1],[0,0]]', 'a');`,
  'generated columns, STRICT and WITHOUT ROWID tables, partial and expression indexes': `
    CREATE TABLE g (a INT, b AS (a * 2), c AS (a || '!') STORED); INSERT INTO g (a) VALUES (1), (2), (NULL);
    CREATE TABLE s (i INT, r REAL, t TEXT, b BLOB, x ANY) STRICT; INSERT INTO s VALUES (1, 2, '3', x'04', '5'), (9223372036854775807, -0.0, '', x'', NULL);
    CREATE TABLE w (k TEXT PRIMARY KEY COLLATE NOCASE, v) WITHOUT ROWID; INSERT INTO w VALUES ('b', 1), ('A', 2);
    CREATE INDEX g_part ON g (a) WHERE a > 1; CREATE UNIQUE INDEX s_expr ON s (lower(t), i DESC);`,
  'views, triggers, foreign keys, defaults, sequences': `
    PRAGMA foreign_keys = OFF;
    CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT DEFAULT CURRENT_TIMESTAMP);
    CREATE TABLE c (p REFERENCES p(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, n CHECK (n >= 0));
    INSERT INTO p VALUES (41, 'x'), (77, 'y'); DELETE FROM p WHERE id = 77; INSERT INTO c VALUES (41, 0), (999, 1);
    CREATE VIEW v(x) AS SELECT count(*) FROM c; CREATE VIEW broken AS SELECT * FROM nowhere;
    CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN INSERT INTO p (at) VALUES ('t'); END;`,
  'values: NUL in text, invalid UTF-8, numbers at their limits, blobs as text': `
    CREATE TABLE v (x); INSERT INTO v VALUES ('a' || char(0) || 'b'), (CAST(x'ff00fe' AS TEXT)), (x'00'), (''), (x''),
      (9223372036854775807), (-9223372036854775808), (1e308), (-1e-308), (9e999), (NULL), ('😀');`,
  'names with quotes, blanks, line breaks, keywords and unicode': `
    CREATE TABLE "quo""te" ("a""b", 'c''d', [e]); INSERT INTO "quo""te" VALUES (1, 2, 3);
    CREATE TABLE "日本 语😀" ("ключ" INTEGER PRIMARY KEY); INSERT INTO "日本 语😀" VALUES (5);
    CREATE TABLE "select" ("from", "where"); INSERT INTO "select" VALUES (1, 2);
    CREATE TABLE "line
break" (a); CREATE TABLE ";--" (a); CREATE TABLE "%_\\" (a); CREATE INDEX "i'""x" ON "select" ("from");`,
  'UTF-16 text': `PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a); INSERT INTO t VALUES ('ação'), ('😀');`,
  'free pages and incremental vacuum': `
    PRAGMA auto_vacuum = INCREMENTAL; VACUUM; CREATE TABLE t (a);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT randomblob(900) FROM n;
    DELETE FROM t WHERE rowid % 10 <> 0;`,
  'no object at all': 'PRAGMA user_version = 3; VACUUM;',
};

for (const [title, sql] of Object.entries(CONTENTS)) {
  test(`dumped and loaded, new and over another: ${title}`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'DELETE', sql);
    const taken = await save(path, folder.file());
    expect(taken.summary.warnings).toEqual([]);
    expect(taken.summary.tables).toEqual(rowCounts(path));
    const targets = [folder.file(), createDatabase(folder.file(), 'WAL', 'CREATE TABLE other (a)')];
    for (const target of targets) await expectLoaded(taken, target, fingerprint(path));
    const [asNew, over] = await Promise.all(targets.map((target) => differencesAt(target, taken)));
    expect(told(asNew!)).toEqual([]);
    // How a file is used belongs to who uses it: a database that was there keeps its mode.
    expect(told(over!)).toEqual(['DATABASE journal_mode: delete | wal']);
  });
}

test('the Chinook sample: 11 tables, 15,607 rows', async () => {
  using folder = temporaryFolder();
  const path = folder.file();
  copyFileSync(fileURLToPath(new URL('../../../data/chinook.sqlite3', import.meta.url)), path);
  const taken = await save(path, folder.file());
  expect(taken.summary.tables).toHaveLength(11);
  expect(taken.summary.tables.reduce((sum, { rows }) => sum + rows, 0)).toBe(15_607);
  const target = folder.file();
  await expectLoaded(taken, target, fingerprint(path));
  expect(told(await differencesAt(target, taken))).toEqual([]);
});

test('a blob of 50 MB', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(
    folder.file(),
    'WAL',
    'CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(50000000))',
  );
  const taken = await save(path, folder.file());
  const target = folder.file();
  await expectLoaded(taken, target, fingerprint(path));
  expect(told(await differencesAt(target, taken))).toEqual([]);
});

const SOME_ROWS =
  "CREATE TABLE u (z); INSERT INTO u VALUES (1); CREATE TABLE t (a TEXT COLLATE NOCASE, b); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('x', 1), ('y', 2);";
/** What an application with extensions of its own may have in its schema; none of it is known to the engine. */
const FOREIGN: Record<string, { sql: string; warning: RegExp }> = {
  'a collation': {
    sql: schemaEdit("replace(sql, 'NOCASE', 'ICU_PT')", 't'),
    warning: /t could not be checked: .*ICU_PT/,
  },
  'a function in an index': {
    sql: schemaEdit("'CREATE INDEX i ON t (slug(a))'", 'i'),
    warning: /t could not be checked: .*slug/,
  },
  'a module': {
    sql: `INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING vec0(x)')`,
    warning: /v could not be checked: .*vec0/,
  },
  'a tokenizer of FTS5': {
    sql: `CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES ('x'); ${schemaEdit("'CREATE VIRTUAL TABLE f USING fts5(a, tokenize = icu)'", 'f')}`,
    warning: /Not all could be checked/,
  },
  'a tokenizer of FTS4': {
    sql: `CREATE VIRTUAL TABLE f USING fts4(a); INSERT INTO f VALUES ('x'); ${schemaEdit("'CREATE VIRTUAL TABLE f USING fts4(a, tokenize = icu)'", 'f')}`,
    warning: /f could not be checked: .*icu/,
  },
};

for (const [title, { sql, warning }] of Object.entries(FOREIGN)) {
  test(`${title} that is missing here: backed up and restored whole, with a warning`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'DELETE', SOME_ROWS);
    withDatabase(path, (it) => {
      it.enableDefensive(false);
      it.exec(`PRAGMA writable_schema = ON; ${sql}`);
    });
    const taken = await save(path, folder.file());
    expect(taken.summary.warnings.join('\n')).toMatch(warning);
    expect(taken.summary.tables).toContainEqual({ name: 'u', rows: 1 });
    const target = folder.file();
    await engine.load(urlOf(target), inputOf(taken), contextOf());
    expect(numberOf(target, 'SELECT z FROM u')).toBe(1);
    expect(told(await differencesAt(target, taken))).toEqual([]);
  });
}

function schemaEdit(sql: string, name: string): string {
  return `UPDATE sqlite_schema SET sql = ${sql} WHERE name = '${name}'`;
}

async function expectLoaded(taken: Taken, target: string, expected: string): Promise<void> {
  const { tables } = await engine.load(urlOf(target), inputOf(taken), contextOf());
  expect(tables).toEqual(taken.summary.tables);
  expect(fingerprint(target)).toBe(expected);
  expect(integrity(target)).toEqual(['ok']);
}
