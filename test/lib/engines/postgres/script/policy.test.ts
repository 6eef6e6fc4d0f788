import { describe, expect, test } from 'vitest';
import { codeOf, messageOf, script } from './reading.ts';

const REFUSED = [
  '\\connect other',
  '\\c other',
  '\\! rm -rf /',
  '\\i other.sql',
  '\\ir other.sql',
  '\\copy t from stdin',
  '\\set a b',
  '\\echo a',
  '\\encoding UTF8',
  '\\dt+',
  '\\gexec',
  'ROLLBACK;',
  'abort;',
  "PREPARE TRANSACTION 'a';",
  "COMMIT PREPARED 'a';",
  'CREATE ROLE a;',
  'ALTER ROLE a WITH SUPERUSER;',
  'DROP USER a;',
  'create /* it */ group a;',
  "CREATE TABLESPACE a LOCATION '/b';",
  'ALTER SYSTEM SET a = 1;',
  'VACUUM ANALYZE t;',
  'CREATE UNIQUE INDEX CONCURRENTLY a ON t (b);',
  'DROP INDEX CONCURRENTLY a;',
  'REINDEX (VERBOSE) TABLE CONCURRENTLY a;',
  'ALTER TABLE a DETACH PARTITION b CONCURRENTLY;',
  'REINDEX DATABASE a;',
  'CLUSTER;',
  'DISCARD ALL;',
  'USE shop;',
  'LOCK TABLES `a` WRITE;',
  'SELECT 1; CREATE TABLE t (a int); CREATE DATABASE a;',
  'CREATE DATABASE a; CREATE DATABASE b;',
  'CREATE DATABASE a;\n\\connect b\n',
  'CREATE DATABASE a; CREATE TABLE t (a int);\n\\connect a\n',
  'CREATE DATABASE a;\n\\connect a\nCREATE DATABASE a;',
  'COPY a (b) FROM stdin;\n1\n\\.\nDROP DATABASE a;',
];

describe('refused, naming line and command', () => {
  test.for(REFUSED)('%s', async (sql) => {
    const message = await messageOf(() => script(`\nSET a = 1;\n${sql}\n`));
    expect(message).toMatch(/^RESTORE_REFUSED: Line \d+: /);
    expect(await codeOf(() => script(sql))).toBe('RESTORE_REFUSED');
  });
});

const RUN = [
  'CREATE TABLE t (a int);',
  'CREATE USER MAPPING FOR a SERVER b;',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY a;',
  'CREATE INDEX "CONCURRENTLY" ON t (a);',
  "COMMENT ON INDEX a IS 'CREATE INDEX CONCURRENTLY ';",
  'SAVEPOINT a;',
  'ROLLBACK TO SAVEPOINT a;',
  'RELEASE a;',
  'PREPARE a AS SELECT 1;',
  'ALTER TABLE "DATABASE" RENAME TO x;',
  'GRANT SELECT ON TABLE "DATABASE" TO a;',
  'SET ROLE a;',
];

test('what one transaction can hold is run as it is', async () => {
  expect(await script(RUN.join('\n'))).toEqual({ run: RUN, warnings: [] });
});

test('BEGIN and COMMIT are passed over with one warning, those that pg_dump writes without', async () => {
  const sql = 'BEGIN;\nSELECT 1;\nCOMMIT WORK;\nSTART TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nEND;\n';
  const { run, warnings } = await script(sql);
  expect(run).toEqual(['SELECT 1;']);
  expect(warnings).toEqual([expect.stringContaining('BEGIN and COMMIT')]);
  const dump = `-- PostgreSQL database dump\n${sql}-- PostgreSQL database dump complete\n`;
  expect(await script(dump)).toEqual({ run, warnings: [] });
});

test("the database that pg_dump --create --clean names is passed over: all its forms, and psql's", async () => {
  const forms = [
    ['shop', '\\connect shop'],
    ['"My db"', '\\connect -reuse-previous=on "dbname=\'My db\'"'],
    ['IF EXISTS "o\'k"', "\\connect -reuse-previous=on \"dbname='o\\'k'\""],
    ['IF EXISTS chinook', '\\c chinook;'],
  ];
  for (const [drop, connect] of forms) {
    const name = drop!.replace('IF EXISTS ', '');
    const { run, warnings } = await script(
      [
        'SET a = 1;',
        `DROP DATABASE ${drop};`,
        `CREATE DATABASE ${name} WITH ENCODING = 'UTF8';`,
        `ALTER DATABASE ${name} OWNER TO a;`,
        connect,
        'SET b = 1;',
        `COMMENT ON DATABASE ${name} IS 'it';`,
        `ALTER DATABASE ${name} SET c TO 'd';`,
        `ALTER ROLE a IN DATABASE ${name} SET c TO 'd';`,
        'CREATE TABLE t (a int);',
        `REVOKE CONNECT,TEMPORARY ON DATABASE ${name} FROM PUBLIC;`,
        `SECURITY LABEL FOR a ON DATABASE ${name} IS 'b';`,
      ].join('\n'),
    );
    expect(run).toEqual(['SET a = 1;', 'SET b = 1;', 'CREATE TABLE t (a int);']);
    expect(warnings).toHaveLength(4);
  }
});

test('\\restrict and \\unrestrict are passed over when they match, and damage when not (5 files)', async () => {
  const good = '\\restrict Ab1\nSELECT 1;\n\\unrestrict Ab1\n\\restrict c\n\\unrestrict c\n';
  expect(await script(good)).toEqual({ run: ['SELECT 1;'], warnings: [] });
  for (const bad of [
    '\\restrict a\nSELECT 1;\n',
    '\\restrict a\nSELECT 1;\n\\unrestrict b\n',
    'SELECT 1;\n\\unrestrict a\n',
    '\\restrict a\n\\restrict a\n\\unrestrict a\n',
    '\\restrict\nSELECT 1;\n',
  ]) {
    expect(await codeOf(() => script(bad)), bad).toBe('BACKUP_DAMAGED');
  }
});
