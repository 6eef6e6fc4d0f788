import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLAVORS, type MysqlServer, PASSWORD, startMysql } from './server.ts';
import { WHOLE } from './tools.ts';
import { versionOf } from './versions.ts';

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor);
  });

  afterAll(() => server?.stop());

  test('is of its version', async () => {
    expect(await server.sql('', 'SELECT @@version')).toMatch(versionOf(flavor).is);
  });

  test('can be verified over TLS', async () => {
    const ca = readFileSync(server.caFile, 'utf8');
    expect(await cipherOf(server, { ca })).toMatch(/^TLS|^ECDHE/);
    await expect(cipherOf(server, {})).rejects.toThrow(/self.signed certificate/);
  });

  test('asks for the password', async () => {
    const url = new URL(server.url('mysql'));
    url.password = 'wrong';
    await expect(server.tools.run(url.href, 'SELECT 1')).rejects.toThrow('Access denied');
  });

  test('takes databases and users of any name', async () => {
    const name = 'Daten "1"/é`?';
    await server.createUser(name, ['ALL ON *.*']);
    const url = await server.createDatabase(name, 'CHARACTER SET latin1');
    expect(await server.tools.run(url, 'SELECT DATABASE(), @@character_set_database')).toBe(
      `${name}\tlatin1\n`,
    );
    expect(await server.tools.run(server.url(name, name), 'SELECT CURRENT_USER()')).toBe(`${name}@%\n`);
  });

  test('its dumps are made and loaded by its own programs', async () => {
    const [source, copy] = [await server.createDatabase(), await server.createDatabase()];
    await server.tools.run(
      source,
      "CREATE TABLE t (n INT PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, 'é')",
    );
    await server.tools.copy(source, copy);
    const dumps = await Promise.all([source, copy].map((url) => server.tools.dump(url, ...WHOLE)));
    const [first, second] = dumps.map(String);
    expect(first).toContain("VALUES\n(1,'é')".replace('\n', flavor === 'mysql' ? ' ' : '\n'));
    expect(second).toBe(first);
  });

  test('a script stops at its first error, which is told', async () => {
    const name = decodeURIComponent(new URL(await server.createDatabase()).pathname.slice(1));
    const script = 'CREATE TABLE early (n INT); SELEC 1; CREATE TABLE late (n INT);';
    await expect(server.sql(name, script)).rejects.toThrow('error in your SQL syntax');
    expect(await server.sql(name, 'SHOW TABLES')).toBe('early\n');
  });

  test('a server that cannot start says why', async () => {
    const start = startMysql(flavor, { settings: { 'no-such-option': 1 } });
    await expect(start).rejects.toThrow('no-such-option');
  });

  test('a server that was stopped leaves no process, no port and no file; twice is as good as once', async () => {
    const other = await startMysql(flavor);
    expect(processesIn(other.folder).length).toBeGreaterThan(0);
    await other.stop();
    await other.stop();
    expect(processesIn(other.folder)).toEqual([]);
    expect(existsSync(other.folder)).toBe(false);
    await expect(isListening(other.port)).resolves.toBe(false);
  });
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

async function cipherOf({ port }: MysqlServer, ssl: { ca?: string }): Promise<string> {
  const client = await createConnection({ host: 'localhost', port, user: 'root', password: PASSWORD, ssl });
  const [rows] = await client.query("SHOW STATUS LIKE 'Ssl_cipher'");
  await client.end();
  return (rows as { Value: string }[])[0]!.Value;
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
