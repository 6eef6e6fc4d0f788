import { afterAll, beforeAll, expect, test } from 'vitest';
import { mysqlEngine } from '../../../../lib/engines/mysql/engine.ts';
import { inspect } from '../../../../lib/engines/mysql/inspect.ts';
import { contextOf, take } from '../../../contracts/engine/harness.ts';
import { type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';
import { loadText } from '../../../support/mysql/load-lab.ts';

let server: MysqlServer;

beforeAll(async () => {
  server = await startMysql('mysql-8.0.15');
});
afterAll(() => server?.stop());

const TOO_OLD = {
  message: 'The server is MySQL 8.0.15; Cofre works with MySQL 8.0.16 and later, and MariaDB 10.6 and later.',
  hint: expect.stringMatching(/^Upgrade the server/),
};

/** Its TLS is older than what is spoken today. */
const url = () => `${server.url('mysql')}?sslmode=disable`;

test('a server before 8.0.16 is no source: neither looked at nor dumped', async () => {
  const { signal } = new AbortController();
  await expect(inspect(url(), { signal })).rejects.toMatchObject({ code: 'SOURCE_INVALID', ...TOO_OLD });
  await expect(take(mysqlEngine(), url())).rejects.toMatchObject({ code: 'SOURCE_INVALID', ...TOO_OLD });
});

test('nor a target', async () => {
  const loading = loadText(url(), 'CREATE TABLE t (n INT);', { context: contextOf() });
  await expect(loading).rejects.toMatchObject({ code: 'TARGET_INVALID', ...TOO_OLD });
});
