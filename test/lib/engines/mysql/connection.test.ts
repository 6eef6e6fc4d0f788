import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MysqlSession, openSession } from '../../../../lib/engines/mysql/connection/connect.ts';
import { parseUrl } from '../../../../lib/engines/mysql/connection/url.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';

const open = (url: string, signal = new AbortController().signal, role: 'source' | 'target' = 'source') =>
  openSession(parseUrl(url), { role, purpose: 'test', signal });

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    const plugins = flavor === 'mariadb' ? { 'plugin-load-add': 'auth_ed25519' } : {};
    server = await startMysql(flavor, { settings: { ...plugins, 'bind-address': '127.0.0.1,127.0.0.2' } });
  });
  afterAll(() => server?.stop());

  const withMode = (mode: string, more = '') => `${server.url('mysql')}?sslmode=${mode}${more}`;

  async function cipher(url: string): Promise<string> {
    await using session = await open(url);
    const [row] = await session.query<{ Value: string }>("SHOW STATUS LIKE 'Ssl_cipher'");
    return row!.Value;
  }

  test('by default over TLS where the server has it; without where it is told so', async () => {
    expect(await cipher(server.url('mysql'))).not.toBe('');
    expect(await cipher(withMode('disable'))).toBe('');
  });

  test('verifies chain and name', async () => {
    const ca = `&sslrootcert=${encodeURIComponent(server.caFile)}`;
    expect(await cipher(withMode('verify-full', ca))).not.toBe('');
    expect(await cipher(withMode('verify-full', ca).replace('127.0.0.1', 'localhost'))).not.toBe('');
    const elsewhere = withMode('verify-full', ca).replace('127.0.0.1', '127.0.0.2');
    await expect(cipher(elsewhere)).rejects.toThrow("does not match certificate's altnames");
    expect(await cipher(withMode('verify-ca', ca).replace('127.0.0.1', '127.0.0.2'))).not.toBe('');
    await expect(cipher(withMode('verify-ca'))).rejects.toThrow('self-signed certificate');
    await expect(cipher(withMode('require', '&ssl-ca=/nowhere.pem'))).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  test('over a Unix socket', async () => {
    await using session = await open(`${server.url('mysql')}?socket=${encodeURIComponent(server.socket)}`);
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  if (flavor === 'mysql')
    test('caching_sha2_password, also in the clear', async () => {
      await server.createUser('sha2', ['SELECT ON *.*'], undefined);
      expect(await cipher(`${server.url('mysql', 'sha2')}?sslmode=disable`)).toBe('');
      await server.sql('', 'FLUSH PRIVILEGES');
      expect(await cipher(server.url('mysql', 'sha2'))).not.toBe('');
    });

  if (flavor === 'mariadb')
    test('ed25519 and mysql_native_password', async () => {
      const password = "PASSWORD('p@ss/w:rd?#[]%&+ é')";
      for (const plugin of ['ed25519', 'mysql_native_password']) {
        await server.createUser(plugin, ['SELECT ON *.*'], `VIA ${plugin} USING ${password}`);
        expect(await cipher(server.url('mysql', plugin))).not.toBe('');
        const wrong = Object.assign(new URL(server.url('mysql', plugin)), { password: 'wrong' }).href;
        await expect(open(wrong)).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
      }
    });

  test('what is wrong is told in our words, without the password', async () => {
    await expect(open(server.url('nowhere'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `There is no database nowhere on 127.0.0.1:${server.port}.`,
    });
    await expect(open(server.url('nowhere'), undefined, 'target')).rejects.toMatchObject({
      code: 'TARGET_INVALID',
    });
    const wrong = Object.assign(new URL(server.url('mysql')), { password: 'wr0ng' }).href;
    const error = await open(wrong).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('does not let us in'),
    });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('wr0ng');
    const closed = server.url('mysql').replace(`:${server.port}`, ':1');
    await expect(open(closed)).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a session has our settings, whatever the server has', async () => {
    await server.createUser('limited', ['SELECT ON *.*']);
    await server.sql(
      '',
      "SET GLOBAL init_connect = 'SET sql_select_limit = 1, sql_mode = ''ANSI_QUOTES'', max_sort_length = 8'",
    );
    try {
      await using session = await open(server.url('mysql', 'limited'));
      expect(await session.query('SELECT 1 AS n UNION SELECT 2')).toHaveLength(2);
      const [row] = await session.query(
        'SELECT @@sql_mode AS mode, @@time_zone AS zone, @@net_write_timeout AS wait',
      );
      expect(row).toEqual({ mode: '', zone: '+00:00', wait: 3600 });
    } finally {
      await server.sql('', "SET GLOBAL init_connect = ''");
    }
  });

  test('runs statements of bytes, of any length', async () => {
    const url = await server.createDatabase();
    await using session = await open(url);
    await session.run('CREATE TABLE t (n INT AUTO_INCREMENT PRIMARY KEY, b LONGBLOB)');
    const raw = Buffer.concat([
      Buffer.from("INSERT INTO t (b) VALUES (_binary'\xff\xfe'), (_binary'", 'latin1'),
      Buffer.from("x'), ('y')"),
    ]);
    expect(await session.run(raw)).toEqual({ affectedRows: 3, warnings: 0 });
    const [{ b }] = (await session.query<{ b: Buffer }>('SELECT b FROM t LIMIT 1')) as [{ b: Buffer }];
    expect(b.toString('hex')).toBe('fffe');
    const around = "INSERT INTO t (b) VALUES ('')".length;
    for (const length of [0xff_fffd, 0xff_fffe, 0xff_ffff, 2 * 0xff_ffff - 1, 40_000_000]) {
      const long = Buffer.from(`INSERT INTO t (b) VALUES ('${'z'.repeat(length - around)}')`);
      expect(long.length).toBe(length);
      expect(await session.run(long)).toEqual({ affectedRows: 1, warnings: 0 });
    }
    const lengths = await session.query<{ l: number }>('SELECT LENGTH(b) AS l FROM t WHERE n > 3 ORDER BY n');
    expect(lengths.map(({ l }) => l + around)).toEqual([
      0xff_fffd,
      0xff_fffe,
      0xff_ffff,
      2 * 0xff_ffff - 1,
      40_000_000,
    ]);
    await expect(session.run('INSERT INTO nowhere VALUES (1)')).rejects.toMatchObject({
      errno: 1146,
      sqlState: '42S02',
    });
    await session.run('CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2, 3; INSERT INTO t (b) VALUES (1); END');
    expect(await session.run('CALL p()')).toMatchObject({ affectedRows: 1 });
    expect(await session.run('SELECT CAST("12x" AS SIGNED)')).toEqual({ affectedRows: 0, warnings: 1 });
    expect(await session.query('SHOW WARNINGS')).toMatchObject([{ Code: 1292 }]);
    expect(await session.query('SELECT COUNT(*) AS n FROM t')).toEqual([{ n: 9 }]);
  });

  const threads = async () => {
    const list = await server.sql('', 'SHOW PROCESSLIST');
    return list.split('\n').map((line) => Number(line.split('\t')[0]));
  };

  test('closing lets go of locks, also under a statement that runs', async () => {
    const url = await server.createDatabase();
    const session = await open(url);
    await session.run('CREATE TABLE t (n INT)');
    await session.run('LOCK TABLES t WRITE');
    await session.close();
    expect(await threads()).not.toContain(session.threadId);
    const sleeper = await open(url);
    await sleeper.run('LOCK TABLES t WRITE');
    const sleeping = sleeper.run('SELECT SLEEP(100)').catch((error: Error) => error);
    await sleep(50);
    await sleeper.close();
    expect(await threads()).not.toContain(sleeper.threadId);
    expect(await sleeping).toBeInstanceOf(Error);
  });

  test('an abort ends what runs, and is what is thrown', async () => {
    const controller = new AbortController();
    const session = await open(server.url('mysql'), controller.signal);
    const sleeping = session.run('SELECT SLEEP(100)').catch((error: Error) => error);
    await sleep(50);
    controller.abort(new Error('enough'));
    expect(await sleeping).toBeInstanceOf(Error);
    await session.close();
    expect(await threads()).not.toContain(session.threadId);
    await expect(open(server.url('mysql'), controller.signal)).rejects.toThrow('enough');
  });

  test('a lost connection is told at once, idle or not', async () => {
    for (const busy of [false, true]) {
      const session: MysqlSession = await open(server.url('mysql'));
      const running = busy ? session.query('SELECT SLEEP(100)').catch((error: Error) => error) : undefined;
      await server.sql('', `DO SLEEP(0.05); KILL ${session.threadId}`);
      await expect(session.lost).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
      if (busy) expect(await running).toBeInstanceOf(Error);
      await expect(session.run('SELECT 1')).rejects.toThrow();
      await session.close();
    }
  });
});
