import { afterAll, beforeAll, expect, test } from 'vitest';
import { take } from '../../../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';
import { engine, SHOP, tryRestore } from '../../../support/postgres/restore-test-lab.ts';
import { loadSample } from '../../../support/postgres/samples.ts';

let old: PostgresServer;
let fresh: PostgresServer;

beforeAll(async () => {
  [old, fresh] = await Promise.all([startPostgres(14), startPostgres(18)]);
  // For the roles and the tablespace that come with every sample.
  for (const server of [old, fresh]) await loadSample(server, 'chinook');
  await old.createRole('keeper');
});
afterAll(async () => {
  await Promise.all([old?.stop(), fresh?.stop()]);
});

test('every kind of thing of version 14 comes back on 18, in other words at most', async () => {
  const source = await loadSample(old, 'every-kind');
  const found = await tryRestore(await take(engine, source), fresh.superuserUrl);
  expect(found.filter(({ explained }) => !explained)).toEqual([]);
  const kinds = found.filter(({ explained }) => explained === 'server-version').map(({ kind }) => kind);
  expect([...new Set(kinds)].sort()).toEqual([
    'ACL',
    'FOREIGN TABLE',
    'MATERIALIZED VIEW',
    'RULE',
    'TABLE',
    'VIEW',
  ]);
});

test('owners, grants and policies of roles that a server lacks are explained by that', async () => {
  const source = await old.createDatabase();
  await old.sql(
    new URL(source).pathname.slice(1),
    `${SHOP}; ALTER TABLE log OWNER TO keeper; ALTER FUNCTION twice OWNER TO keeper;
     ALTER DEFAULT PRIVILEGES FOR ROLE keeper GRANT SELECT ON TABLES TO reader;
     GRANT SELECT ON log TO PUBLIC;
     CREATE POLICY two ON log TO keeper, reader USING (true);`,
  );
  const taken = await take(engine, source);
  const stranger = await startPostgres(14);
  try {
    const found = await tryRestore(taken, stranger.superuserUrl);
    expect(found.map(({ kind, object, explained }) => `${kind} ${object}: ${explained}`)).toEqual([
      'ACL LARGE OBJECT 4711: missing-role',
      'ACL TABLE public.customers: missing-role',
      'DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES of keeper: missing-role',
      'FUNCTION public.twice(integer): missing-role',
      'POLICY public.customers older: missing-role',
      'POLICY public.log two: missing-role',
      'TABLE public.log: missing-role',
    ]);
  } finally {
    await stranger.stop();
  }
});
