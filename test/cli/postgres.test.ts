import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../servers/postgres/server.ts';
import { type Desk, oneObject, openDesk, runHere } from './cli.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres(18);
});
afterAll(() => server?.stop());

const SHOP = `
  CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, day date NOT NULL, who text) PARTITION BY RANGE (day);
  CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  INSERT INTO orders (day, who) SELECT date '2025-07-01' + n, 'customer ' || n FROM generate_series(1, 400) n;
  CREATE TABLE notes (text text); INSERT INTO notes VALUES ('Olá')`;

// biome-ignore lint/suspicious/noExplicitAny: each verb answers its own object; the tests look into it
type Verb = (args: readonly string[], code?: number) => Promise<any>;

/** A desk whose database `shop` is on the server, with one backup. */
async function shop(): Promise<Desk & { id: string; name: string; verb: typeof verb }> {
  const url = await server.createDatabase();
  const name = new URL(url).pathname.slice(1);
  await server.sql(name, SHOP);
  const desk = await openDesk({ databases: { shop: { url } } });
  const verb: Verb = async (args, code = 0) => oneObject(await runHere(desk, [...args, '--json']), code);
  const { id } = await verb(['backup']);
  return Object.assign(desk, { id, name, verb });
}

test('a partitioned table comes back by its own name, though only its partitions have rows', async () => {
  await using desk = await shop();
  const { tables } = await desk.verb(['show', desk.id]);
  expect(tables.map(({ name, rows }: { name: string; rows: number }) => [name, rows])).toEqual([
    ['public.notes', 1],
    ['public.orders_2025', 183],
    ['public.orders_2026', 217],
  ]);
  await server.sql(desk.name, 'DELETE FROM orders WHERE id > 100');
  const { restored } = await desk.verb(['restore', desk.id, '--table', 'orders', '--yes']);
  expect(restored).toEqual([
    {
      name: 'public.orders',
      rows: 400,
      restoredAs: expect.stringMatching(/^public\.orders_restored_\d+_\d+$/),
    },
  ]);
  expect(await server.sql(desk.name, `SELECT count(*), max(id) FROM ${restored[0].restoredAs}`)).toBe(
    '400|400\n',
  );
  await desk.verb(['restore', desk.id, '--table', 'orders', '--replace', '--yes', '--no-safety-backup']);
  expect(
    await server.sql(desk.name, 'SELECT tableoid::regclass, count(*) FROM orders GROUP BY 1 ORDER BY 1'),
  ).toBe('orders_2025|183\norders_2026|217\n');
  const { error } = await desk.verb(['restore', desk.id, '--table', 'order', '--yes'], 2);
  expect(error.hint).toContain('public.orders_2025');
});

test('an undo ends the sessions that are in its way when told to', async () => {
  await using desk = await shop();
  await server.sql(desk.name, 'DELETE FROM notes');
  const swapped = await desk.verb(['restore', desk.id, '--mode', 'swap', '--yes']);
  expect(swapped).toMatchObject({ mode: 'swap', rows: 401 });
  const client = new Client({ connectionString: server.url(desk.name), application_name: 'till' });
  const ended = new Promise<Error>((resolve) => void client.on('error', resolve));
  await client.connect();
  const undone = await desk.verb([
    'restore',
    '--undo',
    '--database',
    'shop',
    '--terminate-connections',
    '--yes',
  ]);
  expect(undone.restored).toMatch(new RegExp(`^${desk.name}_before_`));
  expect((await ended).message).toMatch(/terminat/);
  expect(await server.sql(desk.name, 'SELECT count(*) FROM notes')).toBe('0\n');
});
