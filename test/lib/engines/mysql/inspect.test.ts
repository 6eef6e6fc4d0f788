import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspect } from '../../../../lib/engines/mysql/inspect.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';
import { databaseOf } from '../../../support/mysql/dumping.ts';

const look = (url: string) => inspect(url, { signal: new AbortController().signal });

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor);
  });
  afterAll(() => server?.stop());

  test('tells version and size; a missing database does not exist', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      'CREATE TABLE t (id INT PRIMARY KEY, n INT, KEY (n)); INSERT INTO t VALUES (1, 1)',
    );
    expect(await look(url)).toEqual({
      exists: true,
      version:
        flavor === 'mysql' ? expect.stringMatching(/^9\./) : expect.stringMatching(/^10\.11\.\d+-MariaDB/),
      size: 32_768,
      warnings: [],
    });
    expect(await look(server.url('nowhere'))).toEqual({ exists: false, version: '', size: 0, warnings: [] });
  });

  test('a wrong password is not a missing database', async () => {
    const url = Object.assign(new URL(server.url('nowhere')), { password: 'wrong' }).href;
    await expect(look(url)).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
  });

  test('warns of rights that a backup needs, until they are there', async () => {
    const url = await server.createDatabase("it's`odd`");
    await server.createUser('weak', ["SELECT ON `it's``odd```.*"]);
    const weak = server.url(databaseOf(url), 'weak');
    const [warning, ...more] = (await look(weak)).warnings;
    expect(more).toEqual([]);
    expect(warning).toMatch(
      /a backup will fail: it lacks SHOW VIEW, TRIGGER, EVENT, the right to see routines/,
    );
    await server.sql('', /run: (.*)$/.exec(warning!)![1]!);
    expect((await look(weak)).warnings).toEqual([]);
  });
});
