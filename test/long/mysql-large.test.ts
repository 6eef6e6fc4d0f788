import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysqlEngine } from '../../lib/engines/mysql/engine.ts';
import { contextOf, inputOf, take } from '../contracts/engine/harness.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../servers/mysql/server.ts';
import { databaseOf, dumped } from '../support/mysql/dumping.ts';
import { checksums } from '../support/mysql/judged.ts';

const MB = 1_000_000;

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor, {
      settings: { 'max-allowed-packet': '1G', 'innodb-buffer-pool-size': '1G', 'table-open-cache': 4_000 },
    });
  });
  afterAll(() => server?.stop());

  test('a row of 64 MB works, of text and of any bytes', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE t (id INT PRIMARY KEY, t LONGTEXT CHARACTER SET utf8mb4, b LONGBLOB);
       INSERT INTO t VALUES (1, REPEAT('it''s é\\n', ${8 * MB}), NULL), (2, NULL, REPEAT(UNHEX('00275C0A0DFF1A22'), ${8 * MB})), (3, 'a', 'b')`,
    );
    const engine = mysqlEngine({ jobs: 2 });
    const taken = await take(engine, url);
    expect(taken.frames.some(({ bytes }) => bytes.length > 64 * MB)).toBe(true);
    const target = server.url('copy_of_large');
    await engine.load(target, inputOf(taken), contextOf());
    expect(await checksums(server, target)).toEqual(await checksums(server, url));
  });

  test('2,000 tables: at most 1.5 times what mysqldump takes', async () => {
    const url = await server.createDatabase();
    const tables = Array.from(
      { length: 2_000 },
      (_, n) =>
        `CREATE TABLE table_${n} (id INT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(100), b INT, c DATETIME, KEY (b)); INSERT INTO table_${n} (a, b) VALUES ('x', ${n}), ('y', NULL);`,
    );
    await server.tools.run(url, tables.join('\n'));
    const timeOf = async (work: () => Promise<unknown>) => {
      const began = performance.now();
      await work();
      return performance.now() - began;
    };
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < 3; round++) {
      ours.push(await timeOf(() => dumped(url)));
      theirs.push(
        await timeOf(() => server.tools.dump(url, '--single-transaction', '--routines', '--events')),
      );
    }
    const { summary } = await dumped(url);
    expect(summary.tables).toHaveLength(2_000);
    expect(Math.min(...ours)).toBeLessThan(1.5 * Math.min(...theirs));
    console.log(
      `${flavor}: 2,000 tables, ${Math.round(Math.min(...ours))} ms, mysqldump ${Math.round(Math.min(...theirs))} ms`,
    );
    await server.sql('', `DROP DATABASE ${databaseOf(url)}`);
  });

  test('two dumps of the same rows are the same bytes', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(1000)); INSERT INTO t (s) VALUES (REPEAT('x', 900)), (REPEAT('y', 800));
       ${'INSERT INTO t (s) SELECT CONCAT(LEFT(s, 850), id) FROM t; '.repeat(15)}`,
    );
    const sum = async () => {
      const { frames } = await dumped(url, { jobs: 4 });
      const data = frames.filter(({ section }) => section === 'data');
      expect(data.length).toBeGreaterThan(20);
      return createHash('sha256')
        .update(Buffer.concat(data.map(({ bytes }) => bytes)))
        .digest('hex');
    };
    expect(await sum()).toBe(await sum());
  });
});
