import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BulkSocket } from '../../../../lib/engines/postgres/wire/bulk-socket.ts';
import { openSession, type PgSession } from '../../../../lib/engines/postgres/wire/connect.ts';
import {
  backendKeyOf,
  divert,
  isDriverFailure,
  isPlainTcp,
  lacksTls,
  queryEach,
  socketOf,
  submit,
} from '../../../../lib/engines/postgres/wire/driver.ts';
import { takeSocket } from '../../../../lib/engines/postgres/wire/messages.ts';
import { parseUrl } from '../../../../lib/engines/postgres/wire/url.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';

let server: PostgresServer;
let session: PgSession;
let client: Client;

beforeAll(async () => {
  server = await startPostgres(18);
});
afterAll(() => server?.stop());

beforeEach(async () => {
  session = await open('disable');
  client = session.client;
});
afterEach(() => session?.close());

async function open(tls: string, bulk = false, url = server.url('postgres')): Promise<PgSession> {
  const settings = parseUrl(`${url}?sslmode=${tls}&connect_timeout=2`);
  return await openSession(settings, {
    role: 'source',
    purpose: 'test',
    signal: new AbortController().signal,
    bulk,
  });
}

const one = async (of = client) => (await of.query('SELECT 1 AS one')).rows[0].one;

/** A Query message. */
function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5, 'Q');
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

/** What the driver tells, in its order; `over` when the server is ready. */
function submitted(sql: string, of = client) {
  const told: string[] = [];
  const over = Promise.withResolvers<void>();
  const tell = (what: string) => void told.push(what);
  submit(of, (stream) => void stream.write(query(sql)), {
    failed: ({ message }) => {
      tell(`failed: ${message}`);
      if (/terminated/.test(message)) over.resolve();
    },
    complete: (tag) => tell(tag),
    copying: () => {
      tell('copying');
      socketOf(of).write(Buffer.from('d\0\0\0\x061\nc\0\0\0\x04', 'latin1'));
    },
    ready: () => {
      tell('ready');
      over.resolve();
    },
  });
  return { told, over: over.promise };
}

describe('the socket of a connection', () => {
  test('is there before it is connected', () => {
    expect(socketOf(new Client()).connecting).toBe(false);
  });

  test('is that which the driver reads: without it, what runs fails in the words of the driver', async () => {
    const running = client.query('SELECT pg_sleep(60)');
    socketOf(client).destroy();
    const error = await running.catch((failure: Error) => failure);
    expect(error).toMatchObject({ message: 'Connection terminated unexpectedly' });
    expect(isDriverFailure(error as Error)).toBe(true);
  });

  test('is that of TLS where there is TLS', async () => {
    await using encrypted = await open('require');
    expect(socketOf(encrypted.client)).toBeInstanceOf(TLSSocket);
    expect([isPlainTcp(client), isPlainTcp(encrypted.client)]).toEqual([true, false]);
  });

  test('is one of ours where it is given, and what it brings goes to the driver', async () => {
    await using bulk = await open('disable', true);
    expect(socketOf(bulk.client)).toBeInstanceOf(BulkSocket);
    expect(await one(bulk.client)).toBe(1);
  });

  test('of another driver is refused', () => {
    const other = Object.assign(new Client(), { connection: { stream: {} } });
    expect(() => socketOf(other)).toThrow(/The driver pg is another one than is known/);
  });
});

describe('the key to cancel by', () => {
  test('is that of the backend', async () => {
    const { processID, secretKey } = backendKeyOf(client);
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    expect(processID).toBe(rows[0].pid);
    expect(Math.abs(secretKey)).toBeGreaterThan(0);
  });

  test('cancels what runs', async () => {
    const failed = client.query('SELECT pg_sleep(60)').catch((error: Error) => error);
    await session.close();
    expect(await failed).toMatchObject({ code: '57014' });
  });

  test('is none before the server has given it, and of another driver refused', () => {
    expect(backendKeyOf(new Client())).toEqual({ processID: 0, secretKey: 0 });
    const refused = /The driver pg is another one than is known/;
    expect(() => backendKeyOf(Object.assign(new Client(), { processID: undefined }))).toThrow(refused);
    expect(() => backendKeyOf(Object.assign(new Client(), { secretKey: 'abc' }))).toThrow(refused);
  });
});

describe('a query of our own', () => {
  test('is told of each command and of the end; rows are dropped', async () => {
    const { told, over } = submitted(
      'SELECT generate_series(1, 3); CREATE TEMP TABLE t (a int); SELECT FROM t',
    );
    await over;
    expect(told).toEqual(['SELECT 3', 'CREATE TABLE', 'SELECT 0', 'ready']);
    expect(await one()).toBe(1);
  });

  test('may be empty', async () => {
    const { told, over } = submitted('');
    await over;
    expect(told).toEqual(['ready']);
  });

  test('is told when the server waits for rows', async () => {
    await client.query('CREATE TEMP TABLE t (a int)');
    const { told, over } = submitted('COPY t FROM stdin');
    await over;
    expect(told).toEqual(['copying', 'COPY 1', 'ready']);
  });

  test('is told of a failure; the connection goes on, in its time', async () => {
    const { told } = submitted('SELECT 1/0');
    expect(await one()).toBe(1);
    // The driver lets go of a query that has failed, and tells no more.
    expect(told).toEqual(['failed: division by zero']);
  });

  test('waits for its turn', async () => {
    const before = client.query('SELECT pg_sleep(0.1)');
    const { told, over } = submitted('SELECT');
    expect(told).toEqual([]);
    await Promise.all([before, over]);
    expect(told).toEqual(['SELECT 1', 'ready']);
  });

  test('is told of a loss', async () => {
    const { told, over } = submitted('SELECT pg_sleep(60)');
    socketOf(client).destroy();
    await over;
    expect(told).toEqual(['failed: Connection terminated unexpectedly']);
  });
});

describe('what a connection brings', () => {
  test('goes past the driver until it is given back', async () => {
    const socket = socketOf(client);
    const chunks: Buffer[] = [];
    const answered = Promise.withResolvers<void>();
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    const giveBack = divert(socket, (chunk) => {
      chunks.push(chunk);
      // ReadyForQuery, with its one byte: not in a transaction.
      if (Buffer.concat(chunks).subarray(-6).equals(Buffer.from('Z\0\0\0\x05I'))) answered.resolve();
    });
    socket.write(query("SELECT 'past the driver'"));
    await answered.promise;
    giveBack();
    expect(Buffer.concat(chunks).toString('latin1')).toContain('past the driver');
    expect(await one()).toBe(1);
    expect(errors).toEqual([]);
  });

  test.each([false, true])('may be taken and given back (bulk: %s)', async (bulk) => {
    await using taken = await open('disable', bulk);
    const answered = Promise.withResolvers<string>();
    const raw = takeSocket(taken.client, (chunk) => answered.resolve(chunk.toString('latin1')));
    raw.write(query("SELECT 'past the driver'"));
    expect(await answered.promise).toContain('past the driver');
    raw.giveBack();
    expect(await one(taken.client)).toBe(1);
  });

  test('of a driver that does not listen is refused', () => {
    const socket = socketOf(new Client());
    expect(() => divert(socket, () => {})).toThrow(/does not listen/);
  });
});

describe('several statements at once', () => {
  test('have the rows of each', async () => {
    const sql = 'SELECT 1 AS a; BEGIN; SELECT generate_series(1, 2) AS a; COMMIT';
    expect(await queryEach(client, sql)).toEqual([[{ a: 1 }], [], [{ a: 1 }, { a: 2 }], []]);
    await expect(queryEach(client, 'SELECT 1')).rejects.toThrow(/Several statements have one result/);
  });
});

describe('failures that the driver itself tells', () => {
  const failureOf = async (work: Promise<unknown>) => (await work.catch((error: Error) => error)) as Error;

  test('of a connection that is closed', async () => {
    await session.close();
    const after = await failureOf(client.query('SELECT 1'));
    expect([after.message, isDriverFailure(after)]).toEqual([
      'Client has encountered a connection error and is not queryable',
      true,
    ]);
    const ended = new Client(server.url('postgres'));
    await ended.connect();
    await ended.end();
    expect(isDriverFailure(await failureOf(ended.query('SELECT 1')))).toBe(true);
  });

  test('of a password that is not there', async () => {
    const url = Object.assign(new URL(server.url('postgres')), { password: '' }).href;
    const { cause } = await failureOf(open('disable', false, url));
    expect(String(cause)).toMatch(/^Error: SASL/);
    expect(isDriverFailure(cause as Error)).toBe(true);
  });

  test('of a server that does not answer, or has no TLS', async () => {
    const silent = await failureOf(answering(''));
    expect(isDriverFailure(silent.cause as Error)).toBe(true);
    const plain = await failureOf(answering('N'));
    expect([isDriverFailure(plain.cause as Error), lacksTls(plain.cause)]).toEqual([true, true]);
    expect(lacksTls(silent.cause)).toBe(false);
  });

  test('are not those of the server', async () => {
    const error = await failureOf(client.query('SELECT 1/0'));
    expect([isDriverFailure(error), lacksTls(error)]).toEqual([false, false]);
  });

  /** Connects to somebody who says this to a wish for TLS. */
  async function answering(answer: string): Promise<PgSession> {
    const sockets: Socket[] = [];
    const other = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.once('data', () => socket.write(answer));
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    try {
      return await open('require', false, `postgres://somebody@127.0.0.1:${port}/nowhere`);
    } finally {
      for (const socket of sockets) socket.destroy();
      other.close();
    }
  }
});
