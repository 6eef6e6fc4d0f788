import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MysqlSession, openSession } from '../../../../lib/engines/mysql/connection/connect.ts';
import { parseUrl } from '../../../../lib/engines/mysql/connection/url.ts';
import { planReads } from '../../../../lib/engines/mysql/dump/plan-reads.ts';
import { rangeCondition } from '../../../../lib/engines/mysql/rows/range-condition.ts';
import { shapeOf } from '../../../../lib/engines/mysql/rows/select-task.ts';
import { readTables } from '../../../../lib/engines/mysql/schema/data-catalog.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';

const key = (name: string, descending = false) => ({ name, type: 'int', charset: undefined, descending });

test.each([
  [[key('a')], { from: ['1'], to: ['5'] }, '`a` >= 1 AND `a` < 5'],
  [[key('a')], {}, ''],
  [[key('a', true)], { from: ['9'], to: ['5'] }, '`a` <= 9 AND `a` > 5'],
  [[key('a'), key('b')], { from: ['1', '2'] }, '((`a` = 1 AND `b` >= 2) OR (`a` > 1))'],
  [[key('a'), key('b')], { to: ['1', '2'] }, '((`a` < 1) OR (`a` = 1 AND `b` < 2))'],
  [[key('a'), key('b')], { from: ['1', '2'], to: ['1', '7'] }, '`a` = 1 AND `b` >= 2 AND `b` < 7'],
  [
    [key('a'), key('b')],
    { from: ['1', '2'], to: ['3'] },
    '((`a` = 1 AND `b` >= 2) OR (`a` > 1 AND `a` < 3))',
  ],
  [
    [key('a'), key('b')],
    { from: ['1'], to: ['3', '4'] },
    '((`a` >= 1 AND `a` < 3) OR (`a` = 3 AND `b` < 4))',
  ],
  [
    [key('a'), key('b', true), key('c')],
    { from: ['1', '2', '3'], to: ['4', '5', '6'] },
    '((`a` = 1 AND `b` = 2 AND `c` >= 3) OR (`a` = 1 AND `b` < 2) OR (`a` > 1 AND `a` < 4) OR (`a` = 4 AND `b` > 5) OR (`a` = 4 AND `b` = 5 AND `c` < 6))',
  ],
])('%j %j', (columns, range, condition) => {
  expect(rangeCondition(columns, range)).toBe(condition);
});

const ROWS = 4_000;

/** Columns and key, and the values of row `n`; how many parts it must at least be read in. */
const KEYS: Record<string, { key: string; values: string; parts: number; only?: string }> = {
  'a number': { key: 'a INT, PRIMARY KEY (a)', values: 'n', parts: 10 },
  'numbers in two heaps': {
    key: 'a BIGINT, PRIMARY KEY (a)',
    values: 'IF(n % 2, n, 9000000000000000000 + n * 1000) * IF(n % 3 = 0, -1, 1)',
    parts: 10,
  },
  'large numbers without sign': {
    key: 'a BIGINT UNSIGNED, PRIMARY KEY (a)',
    values: '18446744073709551615 - n',
    parts: 10,
  },
  'one tenant of two': { key: 't INT, a INT, PRIMARY KEY (t, a)', values: 'IF(n = 7, 1, 2), n', parts: 10 },
  'many tenants': { key: 't INT, a INT, PRIMARY KEY (t, a)', values: 'n % 100, n', parts: 10 },
  'a tenant and a text': {
    key: 't SMALLINT, a VARCHAR(50) CHARACTER SET utf8mb4, PRIMARY KEY (t, a)',
    values: "IF(n < 10, n, 4), CONCAT(CHAR(97 + n % 26), 'é', n)",
    parts: 10,
  },
  'a text': {
    key: 'a VARCHAR(60) CHARACTER SET utf8mb4, PRIMARY KEY (a)',
    values: "CONCAT(ELT(1 + n % 5, 'é', 'E', 'z', '日', ''''), '\\\\', n)",
    parts: 10,
  },
  'a text in latin1': {
    key: 'a CHAR(30) CHARACTER SET latin1, PRIMARY KEY (a)',
    values: "CONCAT(ELT(1 + n % 3, 'é', 'Ö', 'a'), n)",
    parts: 10,
  },
  'an empty text': { key: 'a VARCHAR(30), PRIMARY KEY (a)', values: "IF(n = 0, '', n)", parts: 10 },
  'random bytes': {
    key: 'a BINARY(16), PRIMARY KEY (a)',
    values: 'UNHEX(LEFT(SHA2(n, 256), 32))',
    parts: 10,
  },
  'a decimal': { key: 'a DECIMAL(12, 3), PRIMARY KEY (a)', values: 'n * 1.001 - 100', parts: 10 },
  'a date and a time': {
    key: 'd DATE, t TIME(2), PRIMARY KEY (d, t)',
    values: "'2024-01-01' + INTERVAL n DIV 100 DAY, SEC_TO_TIME(n % 100 + 0.25)",
    parts: 10,
  },
  'a moment': {
    key: 'a TIMESTAMP(6) NOT NULL, PRIMARY KEY (a)',
    values: "'2024-03-31 00:00:00' + INTERVAL n * 1.000001 SECOND",
    parts: 10,
  },
  backwards: { key: 'a INT, b VARCHAR(20), PRIMARY KEY (a DESC, b)', values: 'n DIV 2, n', parts: 10 },
  'texts backwards': {
    key: 'a VARCHAR(20), b INT, PRIMARY KEY (a DESC, b DESC)',
    values: 'n DIV 3, n',
    parts: 10,
  },
  'a unique key without a primary one': {
    key: 'z INT, a INT NOT NULL, UNIQUE KEY `no null` (a)',
    values: 'NULL, n',
    parts: 10,
  },
  'a number before an ENUM': {
    key: "a INT, e ENUM('x', 'y'), PRIMARY KEY (a, e)",
    values: "n DIV 2, IF(n % 2, 'x', 'y')",
    parts: 10,
  },
  'an ENUM first': {
    key: "e ENUM('z', 'a'), a INT, PRIMARY KEY (e, a)",
    values: "IF(n % 2, 'z', 'a'), n",
    parts: 1,
  },
  'the beginning of a text': { key: 'a TEXT, PRIMARY KEY (a(10))', values: 'n', parts: 1 },
  'a float': { key: 'a DOUBLE, PRIMARY KEY (a)', values: 'n / 3e0', parts: 1 },
  'no key': { key: 'a INT', values: 'n', parts: 1 },
  partitions: {
    key: 'a INT, PRIMARY KEY (a)) PARTITION BY HASH (a) PARTITIONS 7 -- ',
    values: 'n',
    parts: 7,
  },
  'a UUID': {
    key: 'a UUID, PRIMARY KEY (a)',
    values: "CONCAT(LPAD(HEX(n * 7919), 8, '0'), '-0000-1000-8000-', LPAD(HEX(n), 12, '0'))",
    parts: 10,
    only: 'mariadb',
  },
};

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;
  let session: MysqlSession;

  beforeAll(async () => {
    server = await startMysql(flavor);
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE numbers (n INT PRIMARY KEY);
       INSERT INTO numbers VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
       INSERT INTO numbers SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10 FROM numbers a, numbers b, numbers c, numbers d WHERE d.n < 4 AND a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10 < ${ROWS};`,
    );
    const signal = new AbortController().signal;
    session = await openSession(parseUrl(url), { role: 'source', purpose: 'test', signal });
  });
  afterAll(async () => {
    await session?.close();
    await server?.stop();
  });

  const keys = Object.entries(KEYS).filter(([, { only }]) => only === undefined || only === flavor);

  test.each(keys)('%s', async (_, { key: columns, values, parts }) => {
    await session.run('DROP TABLE IF EXISTS t');
    await session.run(`CREATE TABLE t (padding CHAR(100), ${columns}\n)`.replace(/ -- \n\)$/, ''));
    await session.run(`INSERT INTO t SELECT 'x', ${values} FROM numbers ORDER BY n`);
    await session.run('ANALYZE TABLE t');
    const table = (await readTables(session)).find(({ name }) => name === 't')!;
    const whole = await session.query<object>('SELECT * FROM t');
    expect(whole).toHaveLength(ROWS);
    const read: object[] = [];
    const sizes: number[] = [];
    let bytes = 0;
    for await (const task of planReads(session, shapeOf(table), Math.ceil(table.bytes / 30))) {
      const rows = await session.query<object>(task.sql);
      read.push(...rows);
      sizes.push(rows.length);
      bytes += task.size;
    }
    expect(sizes.length).toBeGreaterThanOrEqual(parts);
    if (parts === 10) expect(Math.max(...sizes)).toBeLessThan(ROWS / 5);
    expect(bytes).toBe(table.bytes);
    if (parts !== 7) expect(read).toEqual(whole);
    else
      expect(new Set(read.map((row) => JSON.stringify(row)))).toEqual(
        new Set(whole.map((row) => JSON.stringify(row))),
      );
  });
});
