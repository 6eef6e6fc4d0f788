import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGED_MAJORS, type PostgresServer, startPostgres } from './server.ts';
import { type Judge, judge } from './tools.ts';

describe.each([...PACKAGED_MAJORS, 'debian-15'] as const)('PostgreSQL %s', (version) => {
  let server: PostgresServer;
  let tools: Judge;

  beforeAll(async () => {
    server = await startPostgres(version);
    tools = await judge();
  });

  afterAll(() => server?.stop());

  test('is of its version, and keeps what restores and publications need', async () => {
    const names = ['server_version_num', 'wal_level', 'max_prepared_transactions', 'server_encoding'];
    const settings = await server.sql('postgres', names.map((name) => `SHOW ${name};`).join('\n'));
    expect(settings.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${server.major}\\d{4}$`)),
      'logical',
      '5',
      'UTF8',
      '',
    ]);
  });

  test('can be verified over TLS, by both its names', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      const url = server.superuserUrl.replace('127.0.0.1', host);
      expect(await tlsOf(url, readFileSync(server.caFile, 'utf8'))).toBe(true);
    }
    await expect(tlsOf(server.superuserUrl)).rejects.toThrow('self-signed certificate');
  });

  test('asks for the password', async () => {
    const url = new URL(server.superuserUrl);
    url.password = 'wrong';
    await expect(tools.psql(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('takes databases and roles of any name, and copies of databases', async () => {
    const name = 'Daten "1"/é?';
    await server.createRole(name, 'CREATEDB');
    const url = await server.createDatabase(name);
    await tools.psql(url, 'CREATE TABLE t AS SELECT 42 AS n');
    const copy = await server.createDatabase(undefined, name);
    expect(await tools.psql(copy, 'SELECT n FROM t')).toBe('42\n');
    expect(await tools.psql(server.url(name, name), 'SELECT current_user')).toBe(`${name}\n`);
  });

  test('its dumps are made and loaded by the judge, in both formats', async () => {
    const source = await server.createDatabase();
    await tools.psql(source, "CREATE TABLE t (n int, s text); INSERT INTO t VALUES (1, 'a\\nb'), (2, NULL)");
    const dump = await tools.pgDump(source);
    expect(dump).toContain('\nCOPY public.t (n, s) FROM stdin;\n');
    const [plain, custom] = [await server.createDatabase(), await server.createDatabase()];
    await tools.copy(source, plain);
    await tools.pgRestore(custom, await tools.pgDumpCustom(source));
    expect([await tools.pgDump(plain), await tools.pgDump(custom)]).toEqual([dump, dump]);
  });

  test('its dumps lack `pg_attver`, which some minor releases keep in each column and change in each copy', async () => {
    const url = await server.createDatabase();
    await tools.psql(url, 'CREATE TABLE "a\nb;""" (n int, "c\nd" int)');
    const setOptions = (list: string, column: string) =>
      tools.psql(
        url,
        `UPDATE pg_attribute SET attoptions = '{${list}}' WHERE attrelid = '"a\nb;"""'::regclass AND attname = '${column}'`,
      );
    await setOptions('n_distinct=5', 'n');
    await setOptions('', 'c\nd');
    const plain = await tools.pgDump(url);
    expect(plain).toContain(' ALTER COLUMN n SET (n_distinct=5);\n');
    for (const version of [1, 26_523_368]) {
      await setOptions(`pg_attver=${version},n_distinct=5`, 'n');
      await setOptions(`pg_attver=${version}`, 'c\nd');
      expect(await tools.pgDump(url)).toBe(plain);
    }
  });

  test('a script stops at its first error, which is told', async () => {
    const script = 'CREATE TABLE early (); SELECT 1/0; CREATE TABLE late ();';
    await expect(server.sql('postgres', script)).rejects.toThrow('division by zero');
    expect(await server.sql('postgres', "SELECT to_regclass('early'), to_regclass('late')")).toBe('early|\n');
  });
});

test('a server that was stopped leaves no process, no port and no file; twice is as good as once', async () => {
  const server = await startPostgres(18);
  expect(processesIn(server.folder).length).toBeGreaterThan(1);
  await server.stop();
  await server.stop();
  expect(processesIn(server.folder)).toEqual([]);
  expect(existsSync(server.folder)).toBe(false);
  await expect(isListening(server.port)).resolves.toBe(false);
});

test('a server dies with a test run that was killed', async () => {
  const run = spawn(process.execPath, [join(import.meta.dirname, 'killed-run.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(run.stdout, 'data');
  const { folder, port } = JSON.parse(String(output)) as { folder: string; port: number };
  expect(await isListening(port)).toBe(true);
  run.kill('SIGKILL');
  await expect.poll(() => existsSync(folder)).toBe(false);
  expect(await isListening(port)).toBe(false);
});

test('a server that cannot start says why', async () => {
  const start = startPostgres(18, { settings: { shared_buffers: 'plenty' } });
  await expect(start).rejects.toThrow('invalid value for parameter "shared_buffers"');
});

async function tlsOf(url: string, ca?: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, ssl: ca === undefined ? {} : { ca } });
  await client.connect();
  const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  await client.end();
  return rows[0].ssl;
}

/** Processes whose command line names `folder`. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = once(socket, 'connect').then(() => true);
  return connected.catch(() => false).finally(() => socket.destroy());
}
