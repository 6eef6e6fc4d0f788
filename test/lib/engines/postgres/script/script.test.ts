import { describe, expect, test } from 'vitest';
import { readScript } from '../../../../../lib/engines/postgres/script/script.ts';
import { codeOf, messageOf, once, script } from './reading.ts';

const tar = Buffer.alloc(1_024);
tar.write('toc.dat');
tar.write('ustar', 257);

const FOREIGN: Record<string, { file: string | Uint8Array; name: RegExp }> = {
  SQLite: { file: `SQLite format 3\0${'\x01'.repeat(9_000)}`, name: /SQLite database/ },
  '.dump of SQLite': { file: 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n', name: /SQLite/ },
  mysqldump: { file: '-- MySQL dump 10.13  Distrib 8.0.36\n--\nSELECT 1;\n', name: /MySQL or MariaDB/ },
  'mariadb-dump': {
    file: '/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n',
    name: /MySQL or MariaDB/,
  },
  phpMyAdmin: { file: '-- phpMyAdmin SQL Dump\n-- version 5.2.1\n', name: /MySQL or MariaDB/ },
  'SQL for MySQL': {
    file: '/* it */\nDROP TABLE IF EXISTS `a`;\nCREATE TABLE `a` (`b` int);',
    name: /backticks/,
  },
  'pg_dump -Fc': { file: 'PGDMP\x01\x0e\0\x04', name: /custom format/ },
  'pg_dump -Ft': { file: tar, name: /tar format/ },
  pg_dumpall: { file: '--\n-- PostgreSQL database cluster dump\n--\nSET a = 1;', name: /pg_dumpall/ },
  'UTF-16': { file: Buffer.from('\ufeff--\nSELECT 1;', 'utf16le'), name: /UTF-16/ },
  gzip: { file: Buffer.from('1f8b0800', 'hex'), name: /packed/ },
};

describe('files of another kind are refused by name', () => {
  test.for(Object.entries(FOREIGN))('%s', async ([, { file, name }]) => {
    const message = await messageOf(() => script(file));
    expect(message).toMatch(/^RESTORE_REFUSED: /);
    expect(message).toMatch(name);
    expect(await codeOf(() => script(file))).toBe('RESTORE_REFUSED');
  });
});

test('SQL by hand, with a byte order mark, or with text in backticks, is restored', async () => {
  const sql = ['CREATE TABLE t (a int);', "INSERT INTO t VALUES (1, '`USE `x`');"];
  expect(await script(sql.join('\n'))).toEqual({ run: sql, warnings: [] });
  expect(await script(`\ufeff${sql.join('\n')}`)).toEqual({ run: sql, warnings: [] });
});

const DUMP = `--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';
CREATE TABLE public.a (b integer);
COPY public.a (b) FROM stdin;
1
2
\\.

COPY public.c (d) FROM stdin;
\\.

COPY public.a (b) FROM stdin;
3
\\.

-- Cofre: 2 tables, 3 rows
--
-- PostgreSQL database dump complete
--
`;

test('a whole dump of Cofre is run', async () => {
  expect((await script(DUMP)).run).toHaveLength(7);
});

test('a dump cut at any byte before its last line is damaged', async () => {
  const end = DUMP.indexOf(' complete');
  for (let at = 0; at < end; at++) {
    expect(await codeOf(() => script(DUMP.slice(0, at))), `cut at ${at}`).toBe('BACKUP_DAMAGED');
  }
});

test('a dump that lacks a block, a row, or has one more is damaged (4 changes)', async () => {
  const changes = [
    DUMP.replace('COPY public.c (d) FROM stdin;\n\\.\n', ''),
    DUMP.replace('3\n', ''),
    DUMP.replace('3\n', '3\n4\n'),
    DUMP.replace('2 tables', '1 table'),
  ];
  for (const changed of changes) {
    expect(changed).not.toBe(DUMP);
    expect(await codeOf(() => script(changed))).toBe('BACKUP_DAMAGED');
  }
});

test('nothing, or nothing but blanks, comments and commands is damaged', async () => {
  for (const file of ['', ' \n', '-- it\n/* it */', '\0'.repeat(9_000)]) {
    expect(await codeOf(() => script(file)), JSON.stringify(file.slice(0, 20))).toBe('BACKUP_DAMAGED');
  }
});

test('an error of the source is rethrown as it is, and leaving early closes the source', async () => {
  const failure = new Error('the store failed');
  async function* failing() {
    yield Buffer.from('SELECT 1;');
    throw failure;
  }
  const read = async () => {
    for await (const _ of readScript(failing(), () => {}));
  };
  await expect(read()).rejects.toBe(failure);
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield* once(Buffer.from('SELECT 1;'.repeat(1_000)));
    } finally {
      closed = true;
    }
  }
  for await (const _ of readScript(endless(), () => {})) break;
  expect(closed).toBe(true);
});
