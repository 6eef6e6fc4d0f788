import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspect } from '../../../../lib/engines/postgres/inspect.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres(18);
  await server.createRole('weak');
});
afterAll(() => server?.stop());

const look = (url: string) => inspect(url, { signal: new AbortController().signal });

test('tells version and size; a missing database does not exist', async () => {
  const url = await server.createDatabase();
  expect(await look(url)).toEqual({
    exists: true,
    version: expect.stringMatching(/^18\.\d+$/),
    size: Number(await server.sql('postgres', `SELECT pg_database_size('${url.split('/').pop()}')`)),
    warnings: [],
  });
  expect(await look(server.url('nowhere'))).toEqual({ exists: false, version: '', size: 0, warnings: [] });
});

test('a wrong password is not a missing database', async () => {
  const url = Object.assign(new URL(server.url('nowhere')), { password: 'wrong' }).href;
  await expect(look(url)).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
});

test('warns of a database without an encoding', async () => {
  await server.sql('postgres', "CREATE DATABASE ascii TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'");
  expect((await look(server.url('ascii'))).warnings).toEqual([expect.stringContaining('SQL_ASCII')]);
});

test('warns of what the role cannot read: tables, sequences, schemas, rows that a policy hides', async () => {
  const name = 'guarded';
  await server.createDatabase(name);
  await server.sql(
    name,
    `CREATE TABLE open (); GRANT SELECT ON open TO weak; CREATE TABLE shut (); CREATE SEQUENCE numbers;
     CREATE TABLE ruled (); GRANT SELECT ON ruled TO weak; ALTER TABLE ruled ENABLE ROW LEVEL SECURITY;
     CREATE SCHEMA hidden; CREATE TABLE hidden.t (); GRANT SELECT ON hidden.t TO weak`,
  );
  const [warning, ...more] = (await look(server.url(name, 'weak'))).warnings;
  expect(more).toEqual([]);
  expect(warning).toContain(
    'weak cannot read all of hidden.t, public.numbers, public.ruled and 1 more in guarded',
  );
  await server.sql(name, 'GRANT pg_read_all_data TO weak; ALTER ROLE weak BYPASSRLS');
  expect((await look(server.url(name, 'weak'))).warnings).toEqual([]);
  expect((await look(server.url(name))).warnings).toEqual([]);
});
