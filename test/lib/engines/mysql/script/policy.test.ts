import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, messageOf } from '../../codes.ts';
import { script } from './reading.ts';

const file = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../support/mysql/scripts', name), 'utf8');

describe('what tools write', () => {
  test('mariadb-dump: all is run but the locks', async () => {
    const { run, warnings } = await script(file('mariadb-dump.sql'));
    expect(run.filter((sql) => /LOCK TABLES/.test(sql))).toEqual([]);
    expect(run.filter((sql) => /^(?:CREATE|INSERT)|\/\*!5\d+ CREATE/.test(sql))).toHaveLength(7);
    expect(run[0]).toBe('/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */');
    expect(warnings).toEqual([]);
  });

  test('mysqldump --databases: its database, GTIDs and binary log are passed over, and said so', async () => {
    const { run, warnings } = await script(file('mysqldump.sql'));
    expect(run.filter((sql) => /DATABASE|^USE|GTID|SQL_LOG_BIN|LOCK TABLES/.test(sql))).toEqual([
      'ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci',
    ]);
    expect(warnings).toEqual([
      'What the dump says of replication (GTIDs, binary log) was passed over.',
      "The dump's own CREATE DATABASE was passed over: all goes into the target of the restore.",
      "The dump's own USE was passed over: all goes into the target of the restore.",
    ]);
  });

  test('phpMyAdmin: its transaction and database are passed over', async () => {
    const { run, warnings } = await script(file('phpmyadmin.sql'));
    expect(run.filter((sql) => /TRANSACTION|COMMIT|DATABASE|^USE/.test(sql))).toEqual([
      'ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
    ]);
    expect(run.find((sql) => sql.includes('PROCEDURE'))).toMatch(/^CREATE DEFINER[^$]*'\$';\nEND$/);
    expect(warnings).toHaveLength(2);
  });

  test.for(['mariadb-dump.sql', 'mysqldump.sql', 'phpmyadmin.sql'])(
    '%s cut at any line is damaged',
    async (name) => {
      const text = file(name);
      // phpMyAdmin ends with its COMMIT: what comes then is for the session, and the session is over.
      const end = name === 'phpmyadmin.sql' ? text.indexOf('COMMIT;') : text.trimEnd().length - 1;
      for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
        // Before anything has begun, nothing can be missed but everything.
        expect(await codeOf(() => script(text.slice(0, at))), `cut at ${at}`).toBe('BACKUP_DAMAGED');
      }
    },
  );
});

const PASSED_OVER = [
  'LOCK TABLES `a` WRITE',
  'UNLOCK TABLES',
  'START TRANSACTION',
  'BEGIN',
  'COMMIT',
  'SET autocommit = 0',
  'SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0',
  'SET AUTOCOMMIT=@OLD_AUTOCOMMIT',
  'SET @@SESSION.SQL_LOG_BIN= 0',
  "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ ''",
  "CHANGE MASTER TO MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=157",
  "CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000001'",
  "CREATE USER 'a'@'%'",
  'GRANT ALL ON *.* TO a',
  'FLUSH PRIVILEGES',
];

test.for(PASSED_OVER)('passed over: %s', async (sql) => {
  expect((await script(`${sql};\nSELECT 1;`)).run).toEqual(['SELECT 1']);
});

const RUN = [
  'SET NAMES utf8mb4',
  '/*!40101 SET NAMES utf8 */',
  "SET @x = 'GLOBAL'",
  "SET SESSION sql_mode = ''",
  'SET autocommit = 0, unique_checks = 0',
  "INSERT INTO `t` VALUES (1,'USE `b`; DROP DATABASE c')",
  'INSERT INTO `t` SELECT * FROM `other`.`u`',
  'CREATE TABLE `LOAD` (a int)',
  'DROP TABLE IF EXISTS `t`',
  'CREATE FUNCTION f() RETURNS int RETURN 1',
  'DO SETVAL(`s`, 1, 0)',
  'ALTER DATABASE CHARACTER SET utf8mb4',
  'CREATE VIEW v AS SELECT 1',
  'CALL fill()',
  'ANALYZE TABLE `t` UPDATE HISTOGRAM ON `c` WITH 100 BUCKETS',
];

test.for(RUN)('run as it is: %s', async (sql) => {
  expect(await script(`${sql};`)).toEqual({ run: [sql], warnings: [] });
});

const REFUSED: Record<string, RegExp> = {
  "LOAD DATA LOCAL INFILE 'a' INTO TABLE t": /brings data from elsewhere/,
  'SET GLOBAL max_connections = 1': /changes the whole server/,
  'SET a = 1, @@GLOBAL.b = 2': /changes the whole server/,
  "SET PASSWORD = 'a'": /changes the whole server/,
  "INSTALL PLUGIN a SONAME 'b'": /changes the whole server/,
  "CREATE FUNCTION f RETURNS STRING SONAME 'udf.so'": /changes the whole server/,
  ROLLBACK: /belongs to a transaction/,
  'CREATE DATABASE a; USE a; CREATE DATABASE b': /more than one database: a and b/,
  'USE a; USE b': /more than one database/,
  'USE a; INSERT INTO b.t VALUES (1)': /would change b,/,
  '-- Host: localhost    Database: a\nDROP TABLE `b`.`t`': /would change b,/,
  'CREATE TABLE a.t (n int); UPDATE b.t SET n = 1': /would change b,/,
};

test.for(Object.entries(REFUSED))('refused: %s', async ([sql, why]) => {
  const message = await messageOf(() => script(`${sql};`));
  expect(message).toMatch(/^RESTORE_REFUSED: Line \d+: /);
  expect(message).toMatch(why);
  expect(await codeOf(() => script(`${sql};`))).toBe('RESTORE_REFUSED');
});

const RENAMED: Record<string, string> = {
  'CREATE TABLE `own`.`t` (a int, FOREIGN KEY (a) REFERENCES `own`.`u` (a))':
    'CREATE TABLE `t` (a int, FOREIGN KEY (a) REFERENCES `u` (a))',
  "INSERT INTO own.t VALUES ('own.t')": "INSERT INTO t VALUES ('own.t')",
  'DROP TABLE IF EXISTS `own`.`a`, `own`.`b`': 'DROP TABLE IF EXISTS `a`, `b`',
  'CREATE VIEW `own`.v AS SELECT `own`.`t`.`own` FROM `own`.`t` JOIN x.y':
    'CREATE VIEW v AS SELECT `t`.`own` FROM `t` JOIN x.y',
  'CREATE DEFINER=`own`@`h` TRIGGER own.tr BEFORE INSERT ON own.t FOR EACH ROW SET @a = own.f()':
    'CREATE DEFINER=`own`@`h` TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = own.f()',
  'CREATE UNIQUE INDEX i ON own.t (a)': 'CREATE UNIQUE INDEX i ON t (a)',
  'ALTER DATABASE `own` CHARACTER SET latin1 COLLATE latin1_bin':
    'ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin',
  'ALTER TABLE own.t ADD COLUMN c int': 'ALTER TABLE t ADD COLUMN c int',
};

test.for(Object.entries(RENAMED))(
  "without the name of the file's own database: %s",
  async ([sql, expected]) => {
    expect((await script(`USE own;\n${sql};`)).run).toEqual([expected]);
  },
);

const FOREIGN: Record<string, { file: string | Uint8Array; name: RegExp }> = {
  SQLite: { file: `SQLite format 3\0${'\x01'.repeat(9_000)}`, name: /SQLite database/ },
  '.dump of SQLite': { file: 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n', name: /SQLite/ },
  pg_dump: { file: '--\n-- PostgreSQL database dump\n--\nSET a = 1;', name: /PostgreSQL/ },
  'pg_dump -Fc': { file: 'PGDMP\x01\x0e\0\x04', name: /PostgreSQL/ },
  xtrabackup: { file: 'XBSTCK01\0\0', name: /xbstream/ },
  'binary log': { file: Buffer.from('fe62696e', 'hex'), name: /binary log/ },
  'UTF-16': { file: Buffer.from('\ufeff--\nSELECT 1;', 'utf16le'), name: /UTF-16/ },
  gzip: { file: Buffer.from('1f8b0800', 'hex'), name: /packed/ },
};

test.for(Object.entries(FOREIGN))(
  'a file of another kind is refused by name: %s',
  async ([, { file: text, name }]) => {
    expect(await messageOf(() => script(text))).toMatch(/^RESTORE_REFUSED: /);
    expect(await messageOf(() => script(text))).toMatch(name);
  },
);

test('an empty file, and one of zero bytes, is damaged; a byte order mark is left out', async () => {
  for (const text of ['', '\n-- nothing\n', '\0'.repeat(100)])
    expect(await codeOf(() => script(text))).toBe('BACKUP_DAMAGED');
  expect((await script('\ufeffSELECT 1;')).run).toEqual(['SELECT 1']);
});
