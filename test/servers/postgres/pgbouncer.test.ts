import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Pgbouncer, startPgbouncer } from './pgbouncer.ts';
import { type PostgresServer, startPostgres } from './server.ts';

let server: PostgresServer;
let pooler: Pgbouncer;

beforeAll(async () => {
  server = await startPostgres(18);
  pooler = await startPgbouncer(server, 'transaction', 1);
});

afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

test('pools: two sessions take turns on one connection of the server', async () => {
  const url = pooler.through(server.superuserUrl);
  const clients = [new pg.Client(url), new pg.Client(url)];
  await Promise.all(clients.map((client) => client.connect()));
  const backends = await Promise.all(
    clients.map(async (client) => (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid),
  );
  expect(backends[0]).toBe(backends[1]);
  await Promise.all(clients.map((client) => client.end()));
});
