import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../support/seeded.ts';
import { messageOf } from '../../codes.ts';
import { split, statementsOf } from './reading.ts';

const CASES: Record<string, [sql: string, ...statements: string[]]> = {
  'strings with the delimiter': ['SELECT \';\', ";", `;`; SELECT 2;', 'SELECT \';\', ";", `;`', 'SELECT 2'],
  'escaped and doubled quotes': ["SELECT 'a\\';', 'b'';', \"c\\\";\";", "SELECT 'a\\';', 'b'';', \"c\\\";\""],
  'a backslash in a quoted name': ['SELECT 1 AS `a\\`; SELECT 2;', 'SELECT 1 AS `a\\`', 'SELECT 2'],
  'a backslash at the end of a string': ["SELECT 'a\\\\'; SELECT 2;", "SELECT 'a\\\\'", 'SELECT 2'],
  'comments before statements': ['-- a;\n# b;\n/* c; */SELECT 1;', 'SELECT 1'],
  'comments in statements': ['SELECT /* ; */ 1 -- ;\n, 2 # ;\n;', 'SELECT /* ; */ 1 -- ;\n, 2 # ;\n'],
  'what only looks like a comment': ['SELECT 2--1, 4/2*1;', 'SELECT 2--1, 4/2*1'],
  'a comment of nothing but its mark': ['--\n--\t\nSELECT 1;\n--', 'SELECT 1'],
  'comments that servers run': [
    "/*!50003 SELECT ';' */; /*M!100600 SELECT 2 */;",
    "/*!50003 SELECT ';' */",
    '/*M!100600 SELECT 2 */',
  ],
  'a comment in one that servers run': [
    "/*!50003 SELECT /* ' */ 1 */; SELECT 2;",
    "/*!50003 SELECT /* ' */ 1 */",
    'SELECT 2',
  ],
  'the mark of the sandbox': [
    '/*!999999\\- enable the sandbox mode */ \n/*M!999999\\- too */ SELECT 1;',
    'SELECT 1',
  ],
  'a hint': ['SELECT /*+ QB_NAME(`;`) */ 1;', 'SELECT /*+ QB_NAME(`;`) */ 1'],
  'empty statements': [';; SELECT 1;;\n;', 'SELECT 1'],
  'another delimiter': [
    'DELIMITER ;;\nBEGIN a; b; END;;\ndelimiter  ;\nSELECT 1;',
    'BEGIN a; b; END',
    'SELECT 1',
  ],
  'a delimiter that begins like a comment': [
    'DELIMITER //\nSELECT 1 /* // */ / 2//\nSELECT 3 //\n',
    'SELECT 1 /* // */ / 2',
    'SELECT 3 ',
  ],
  'a delimiter of dollars': ["DELIMITER $$\nSELECT '$$', $1 $$\n", "SELECT '$$', $1 "],
  NO_BACKSLASH_ESCAPES: [
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT 'a\\'; SET sql_mode = ''; SELECT 'b\\';';",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
    "SELECT 'a\\'",
    "SET sql_mode = ''",
    "SELECT 'b\\';'",
  ],
  'NO_BACKSLASH_ESCAPES put back': [
    "SET @m = @@sql_mode; SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SET sql_mode = @m; SELECT 'b\\';';",
    'SET @m = @@sql_mode',
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
    'SET sql_mode = @m',
    "SELECT 'b\\';'",
  ],
};

describe('the end of a statement', () => {
  test.for(Object.entries(CASES))('%s', ([, [sql, ...expected]]) => {
    expect(statementsOf(sql)).toEqual(expected);
  });
});

describe('wherever chunks are cut, the items are the same', () => {
  const all = Object.values(CASES).map(([sql]) => sql);
  test('each case, at each byte', () => {
    for (const sql of all) {
      const whole = split([Buffer.from(sql)]);
      for (let at = 0; at <= sql.length; at++) {
        expect(
          split([Buffer.from(sql.slice(0, at)), Buffer.from(sql.slice(at))]),
          `${sql} cut at ${at}`,
        ).toEqual(whole);
      }
      expect(split([...Buffer.from(sql)].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    }
  });

  test.for(['mariadb-dump.sql', 'mysqldump.sql', 'phpmyadmin.sql'])('%s, at random bytes', (name) => {
    const bytes = readFileSync(join(import.meta.dirname, '../../../../support/mysql/scripts', name));
    const random = seededRandom(name);
    const whole = split([bytes]);
    for (let round = 0; round < 50; round++) {
      const cuts = Array.from({ length: 20 }, () => Math.floor(random.next() * bytes.length)).toSorted(
        (a, b) => a - b,
      );
      const parts = [0, ...cuts].map((from, n) => bytes.subarray(from, cuts[n] ?? bytes.length));
      expect(split(parts)).toEqual(whole);
    }
  });
});

test('lines are counted, comments told', () => {
  const seen = split([Buffer.from("-- one\nSELECT\n'\n';\n\n# two\nDELIMITER //\nSELECT 2//")]);
  expect(seen).toEqual([
    { kind: 'comment', text: 'one', line: 1 },
    { kind: 'statement', text: "SELECT\n'\n'", line: 2 },
    { kind: 'comment', text: 'two', line: 6 },
    { kind: 'statement', text: 'SELECT 2', line: 8 },
  ]);
});

test('a text that ends amid something is cut short', async () => {
  for (const sql of [
    'SELECT 1',
    "SELECT 'a;",
    'SELECT `a;',
    '/* a',
    'DELIMITER ;;\nSELECT 1;',
    '/*!50003 SELECT 1 */',
  ]) {
    expect(await messageOf(() => statementsOf(sql)), sql).toMatch(/^BACKUP_DAMAGED: .*cut short/);
  }
});

test('commands of the client are refused by name', async () => {
  expect(await messageOf(() => statementsOf('SELECT 1;\nSELECT 2 \\G'))).toMatch(
    /^RESTORE_REFUSED: Line 2: \\G /,
  );
  expect(await messageOf(() => statementsOf('\\! rm -rf /\n'))).toMatch(/^RESTORE_REFUSED: Line 1: \\! /);
});

test('a character set whose letters hold quotes is refused', async () => {
  for (const sql of ['SET NAMES gbk;', "/*!40101 SET NAMES 'sjis' */;", 'set names BIG5 COLLATE big5_bin;']) {
    expect(await messageOf(() => statementsOf(sql)), sql).toMatch(
      /^RESTORE_REFUSED: Line 1: .* character set/,
    );
  }
  expect(statementsOf('SET NAMES latin1;')).toEqual(['SET NAMES latin1']);
});

/** Of what only the processor's time tells. */
const TRIES = 5;

test('a long statement costs processor time in proportion to its length', () => {
  const timeOf = (mib: number) => {
    const text = Buffer.from(`SELECT '${'x'.repeat(mib * 1024 * 1024)}';`);
    const chunks = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, n) =>
      text.subarray(n * 65_536, (n + 1) * 65_536),
    );
    const began = process.cpuUsage();
    expect(split(chunks)).toHaveLength(1);
    return process.cpuUsage(began).user;
  };
  // Eight times as much; in proportion to the square it would be 64. What else the machine does can only add to one of the
  // two, so one try in many that shows it is enough.
  const ratios = Array.from({ length: TRIES }).map(() => timeOf(32) / timeOf(4));
  expect(Math.min(...ratios)).toBeLessThan(24);
});
