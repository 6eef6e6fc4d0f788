import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  greetingOf,
  isDriversOwn,
  leave,
  lookAway,
  nameHost,
  saysNoTls,
  socketOf,
} from '../../../../lib/engines/mysql/connection/driver.ts';
import { execute } from '../../../../lib/engines/mysql/connection/execute.ts';
import { connectPlainly } from '../../../../lib/engines/mysql/connection/log-in.ts';
import { parseUrl } from '../../../../lib/engines/mysql/connection/url.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';

/** What is said when the driver is not what it was; see `connection/driver.ts`. */
const changed = (what: string) => `mysql2 has changed: ${what}`;

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor, { settings: { 'bind-address': '127.0.0.1,127.0.0.2' } });
  });
  afterAll(() => server?.stop());

  const connect = (parameters: string) => connectPlainly(parseUrl(`${server.url('mysql')}?${parameters}`));
  const WAYS = ['sslmode=disable', 'sslmode=require'];

  test.each(WAYS)('`stream` is the socket that the driver writes to and reads from (%s)', async (way) => {
    const client = await connect(way);
    const socket = socketOf(client);
    expect(socket, changed('`stream` is no socket')).toBeInstanceOf(Socket);
    const isTls = way !== 'sslmode=disable';
    expect(socket instanceof TLSSocket, changed('`stream` is not what TLS is on')).toBe(isTls);
    const [sent, received] = [socket.bytesWritten, socket.bytesRead];
    expect(await ask(client)).toEqual([{ n: 1 }]);
    expect(socket.bytesWritten, changed('it writes elsewhere')).toBeGreaterThan(sent);
    expect(socket.bytesRead, changed('it reads elsewhere')).toBeGreaterThan(received);
    const closed = once(socket, 'close');
    leave(client);
    await closed;
    expect(socket.destroyed, changed('`destroy` leaves `stream` open')).toBe(true);
  });

  test.each(WAYS)('the driver reads by listeners to `data`, and by nothing else (%s)', async (way) => {
    const client = await connect(way);
    const socket = socketOf(client);
    expect(socket.listenerCount('data'), changed('it reads in another way')).toBe(1);
    expect(socket.listenerCount('readable'), changed('it reads in another way')).toBe(0);
    const lookBack = lookAway(client);
    let answered = false;
    const asked = ask(client).finally(() => {
      answered = true;
    });
    const [bytes] = await once(socket, 'data');
    socket.removeAllListeners('data');
    expect(answered, changed('it reads though its listeners are gone')).toBe(false);
    lookBack();
    for (const listener of socket.listeners('data')) listener(bytes);
    expect(await asked, changed('its listeners cannot be put back')).toEqual([{ n: 1 }]);
    leave(client);
  });

  test.each(WAYS)('the driver goes on after statements that it has not seen (%s)', async (way) => {
    const client = await connect(way);
    for (let turn = 1; turn <= 3; turn += 1) {
      const outcome = await execute(client, Buffer.from('SELECT 1 UNION SELECT 2'));
      expect(outcome).toEqual({ affectedRows: 0, warnings: 0 });
      const why = changed('its packets are numbered from one command to the next');
      expect(await ask(client), why).toEqual([{ n: 1 }]);
    }
    leave(client);
  });

  test('`_handshakePacket` has the version that the server greets with', async () => {
    const client = await connect('sslmode=disable');
    const [row] = await ask<{ version: string }>(client, 'SELECT VERSION() AS version');
    const greeting = greetingOf(client).replace(/^5\.5\.5-/, '');
    expect(row?.version, changed('it keeps the greeting elsewhere')).toContain(greeting);
    const without = (field: string) => Object.create(client, { [field]: { value: undefined } });
    expect(() => greetingOf(without('_handshakePacket'))).toThrow('_handshakePacket');
    expect(() => socketOf(without('stream'))).toThrow('`stream`');
    leave(client);
  });

  test('TLS checks the name of an address that the socket has as `_host`', async () => {
    expect(nameHost(new Socket(), '127.0.0.2')).toHaveProperty('_host', '127.0.0.2');
    const ca = `sslmode=verify-full&sslrootcert=${encodeURIComponent(server.caFile)}`;
    leave(await connect(ca));
    const elsewhere = `${server.url('mysql').replace('127.0.0.1', '127.0.0.2')}?${ca}`;
    const error = await connectPlainly(parseUrl(elsewhere)).catch((reason: Error) => reason);
    expect(error, changed('it checks another name')).toMatchObject({
      message: expect.stringMatching(/IP: 127\.0\.0\.2 is not in the cert's list/),
    });
  });

  test('what it says of a lost connection is known as its own, in each state', async () => {
    const client = await connect('sslmode=disable');
    const running = ask(client, 'SELECT SLEEP(100)').catch((reason: Error) => reason);
    const closed = once(socketOf(client), 'close');
    await server.sql('', `DO SLEEP(0.05); KILL ${client.threadId}`);
    const error = await running;
    expect(error, changed('a lost connection is no error')).toBeInstanceOf(Error);
    await closed;
    const later = await ask(client).catch((reason: Error) => reason);
    expect(later, changed('a closed connection takes statements')).toBeInstanceOf(Error);
    expect(later instanceof Error && isDriversOwn(later), changed(`it says: ${later}`)).toBe(true);
    leave(client);
  });
});

describe('a server that says what we have it say', () => {
  /** Before 41, protocol 4.1, secure connection, plugins; not SSL. */
  const CAPABILITIES = 0x0008_8203;

  function packet(sequence: number, payload: Buffer): Buffer {
    const { length } = payload;
    return Buffer.concat([Buffer.from([length & 0xff, length >> 8, 0, sequence]), payload]);
  }

  /** Manual, "Protocol::HandshakeV10". */
  function greeting(): Buffer {
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(CAPABILITIES);
    return packet(
      0,
      Buffer.concat([
        Buffer.from('\x0a9.9.9-said\0\x01\0\0\0abcdefgh\0'),
        flags.subarray(0, 2),
        Buffer.from('\x21\x02\0'),
        flags.subarray(2),
        Buffer.from(`\x15${'\0'.repeat(10)}abcdefghijkl\0mysql_native_password\0`),
      ]),
    );
  }

  async function served(answer: Buffer, parameters: string): Promise<unknown> {
    const server: Server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(greeting());
      socket.once('data', () => socket.write(answer));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const url = parseUrl(`mysql://user:secret@127.0.0.1:${port}/shop?${parameters}`);
      leave(await connectPlainly(url));
      return 'let in';
    } catch (error) {
      return error;
    } finally {
      server.close();
    }
  }

  /** Manual, "Protocol::AuthSwitchRequest" and "OK_Packet". */
  const switchTo = (plugin: string) => packet(2, Buffer.from(`\xfe${plugin}\0${'n'.repeat(20)}\0`, 'latin1'));
  const OK = packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0]));

  test('that it has no TLS is told by a code, and then we go without, where we may', async () => {
    const error = await served(OK, 'sslmode=require');
    expect(saysNoTls(error), changed(`without TLS it says: ${error}`)).toBe(true);
    expect(error instanceof Error && isDriversOwn(error)).toBe(true);
    expect(await served(OK, 'sslmode=prefer')).toBe('let in');
  });

  test.each(['nobody_has_this', 'mysql_clear_password'])('a login that it cannot do: %s', async (plugin) => {
    const error = await served(switchTo(plugin), 'sslmode=disable');
    expect(error, changed('it takes any way to log in')).toBeInstanceOf(Error);
    expect(error instanceof Error && isDriversOwn(error), changed(`it says: ${error}`)).toBe(true);
    expect(saysNoTls(error)).toBe(false);
  });
});

function ask<Row = { n: number }>(client: Client, sql = 'SELECT 1 AS n'): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    client.query(sql, (error, rows) => (error ? reject(error) : resolve(rows as unknown as Row[])));
  });
}
