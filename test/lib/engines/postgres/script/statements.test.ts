import { describe, expect, test } from 'vitest';
import { codeOf, split, statementsOf } from './reading.ts';

/** Each is one statement; a second one must be found behind it. */
const WHOLE: Record<string, string> = {
  'a doubled quote': "SELECT 'it''s; fine';",
  'a backslash at the end of a standard string': "SELECT 'C:\\';",
  'an escaped quote in E': "SELECT E'it\\'s; fine';",
  'e in small letters': "SELECT e'it\\'s; fine';",
  'an escaped backslash at the end of E': "SELECT E'C:\\\\';",
  'a doubled quote, then an escaped one in E': "SELECT E'a''b\\'; c';",
  'a new line continues E': "SELECT E'a'\n  'b\\'; c';",
  'a new line and a comment continue E': "SELECT E'a' -- it's\n 'b\\'; c';",
  'a word that ends with e before a quote': "SELECT typee'C:\\';",
  'a number stuck to e before a quote': "SELECT 1e'C:\\';",
  'an E string, then a standard one': "SELECT E'a', 'C:\\';",
  'U&, B and X strings': "SELECT U&'\\0041;', B'0;1', X'f;f', N';';",
  'a quoted name with quote marks': 'SELECT 1 AS "a;""b;" ;',
  'U& name': 'SELECT 1 AS U&"d;\\0061";',
  'dollar quotes': 'SELECT $$a; \'b $x$ "c$$;',
  'dollar quotes with a tag': 'SELECT $é_1$a; $$ $é_2$ $é_1 $é_1$;',
  'a tag that ends like it begins': 'SELECT $a$b;$$a$;',
  'dollars in names': 'SELECT a$b$c, b$;',
  'a dollar quote behind a number': 'SELECT 1$a$;$a$;',
  parameters: 'SELECT $1, $2a$b;',
  'a dollar that begins nothing': "SELECT '1'::money $ 2;",
  'line comments': 'SELECT 1 -- it\'s; " $$ /*\n;',
  'a line comment ended by a carriage return': "SELECT 1 -- it's\r;",
  'block comments, nested': 'SELECT /* it\'s; /* " */ ; /**/ $$ */ 1;',
  'a comment of stars and slashes': 'SELECT /*/ ;/*/;*/*/ 1;',
  'operators that hold a comment': 'SELECT 1 @--;\n 2 +/*;*/ 3;',
  'operators that look like a comment': 'SELECT 1 - -2 / 3 * 4;',
  'parentheses of a rule': 'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b;);',
  'a parenthesis too many': 'SELECT 1);',
  'a function with a standard body':
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END;',
  'or replace, and CASE within parentheses':
    'create or replace function f() returns int begin atomic select (case 1 when 1 then 2 end); select 3; end;',
  'a procedure, two levels': 'CREATE PROCEDURE p() BEGIN ATOMIC BEGIN INSERT INTO t; END; END;',
  'begin as an argument': 'CREATE FUNCTION f("begin" int, begin int) RETURNS int LANGUAGE sql AS $$;$$;',
  'CASE before any BEGIN': 'CREATE FUNCTION f(a int DEFAULT 1) RETURNS int RETURN CASE a WHEN 1 THEN 2 END;',
  'parenthesised query': '(SELECT 1);',
  'letters beyond ASCII': 'SELECT é$é, "ü;", \'漢;\';',
};

describe('the end of a statement is where psql finds it', () => {
  test.for(Object.entries(WHOLE))('%s', ([, sql]) => {
    expect(statementsOf(`${sql}\nSELECT 'next';\n`)).toEqual([sql, "SELECT 'next';"]);
    expect(statementsOf(`${sql}SELECT 'next';`)).toEqual([sql, "SELECT 'next';"]);
  });
});

test('a block that is no function ends at its first semicolon', () => {
  expect(statementsOf('BEGIN; SELECT 1; END; CREATE TABLE function (begin int); SELECT 2;')).toEqual([
    'BEGIN;',
    'SELECT 1;',
    'END;',
    'CREATE TABLE function (begin int);',
    'SELECT 2;',
  ]);
});

test('standard_conforming_strings is followed, on and off', () => {
  const sql = [
    'SET standard_conforming_strings = off;',
    "SELECT 'it\\'s; fine';",
    'SET SESSION standard_conforming_strings TO ON;',
    "SELECT 'C:\\';",
    "set standard_conforming_strings='off';",
    "SELECT '\\\\\\';';",
    'RESET standard_conforming_strings;',
    "SELECT '\\';",
  ];
  expect(statementsOf(sql.join('\n'))).toEqual(sql);
});

test('client_encoding is followed: the bytes stay, ASCII can be read', () => {
  const latin = Buffer.from("SET client_encoding = 'LATIN1';\nSELECT 'é';\n", 'latin1');
  expect(split([latin]).map(({ text }) => text)).toEqual(["SET client_encoding = 'LATIN1';", "SELECT 'é';"]);
});

test('what is not UTF-8 where it has to be is damaged; encodings whose letters hide quotes are refused', async () => {
  expect(await codeOf(() => split([Buffer.from("SELECT '\xe9';", 'latin1')]))).toBe('BACKUP_DAMAGED');
  for (const name of ["'SJIS'", 'big5', "'GB18030'", "'SHIFT_JIS_2004'"]) {
    expect(await codeOf(() => statementsOf(`SET client_encoding TO ${name};`))).toBe('RESTORE_REFUSED');
  }
});

test('comments between statements come as items with their lines, block comments do not, empty statements neither', () => {
  expect(split([Buffer.from('\n-- one\r\n/* two\n;*/ ;; SELECT\n1; --three\n\\restrict  a b \n')])).toEqual([
    { kind: 'comment', text: 'one', line: 2 },
    { kind: 'statement', text: 'SELECT\n1;', line: 4 },
    { kind: 'comment', text: 'three', line: 5 },
    { kind: 'meta', command: 'restrict', argument: 'a b', line: 6 },
  ]);
});

test('an end amid anything is cut short (15 ends)', async () => {
  const ends = [
    'SELECT 1',
    "SELECT 'a;",
    "SELECT E'a\\';",
    'SELECT "a;',
    'SELECT $$a;',
    'SELECT $a$;$a',
    'SELECT (1;',
    'SELECT /* 1;',
    'SELECT 1 -- ;',
    '/* SELECT 1;',
    'CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;',
    'COPY t (a) FROM stdin;',
    'COPY t (a) FROM stdin;\n1\n2',
    'COPY t (a) FROM stdin;\n1\n\\',
    'COPY t (a) FROM std',
  ];
  for (const end of ends) expect(await codeOf(() => split([Buffer.from(end)])), end).toBe('BACKUP_DAMAGED');
});

test('rows that have lost their COPY, and zero bytes, are damage (5 texts)', async () => {
  for (const text of [
    '1\ta\n\\.\n',
    'a\t\\N\n',
    'CREATE TABLE a (COPY t FROM stdin;\n\\N\n',
    '{}\n',
    'SELECT \0;',
  ]) {
    expect(await codeOf(() => split([Buffer.from(text)])), text).toBe('BACKUP_DAMAGED');
  }
});

test('10,000 functions', () => {
  const functions = Array.from(
    { length: 10_000 },
    (_, n) => `CREATE FUNCTION f${n}() RETURNS text LANGUAGE plpgsql AS $_$ BEGIN RETURN ';'; END; $_$;`,
  );
  expect(statementsOf(functions.join('\n\n'))).toEqual(functions);
});
