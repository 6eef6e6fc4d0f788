import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineFor } from '../../lib/engines/registry.ts';
import { contextOf, inputOf, take } from '../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../servers/postgres/server.ts';
import { type Judge, judge } from '../servers/postgres/tools.ts';
import { canonical, firstDifference } from '../support/postgres/canonical.ts';

let server: PostgresServer;
let tools: Judge;

beforeAll(async () => {
  server = await startPostgres('18-extensions', {
    settings: { shared_preload_libraries: 'timescaledb,pg_cron', 'timescaledb.telemetry_level': 'off' },
  });
  tools = await judge();
});
afterAll(() => server?.stop());

const SAMPLES: Record<string, string> = {
  PostGIS: `CREATE EXTENSION postgis;
    CREATE TABLE places (id int PRIMARY KEY, at geometry(Point, 4326), around geography);
    CREATE INDEX ON places USING gist (at);
    INSERT INTO places VALUES (1, 'SRID=4326;POINT(-23.5 46.6)', 'POINT(1 2)'), (2, NULL, NULL);
    INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid) VALUES (990001, 'ours', 1);`,
  'PostGIS topology': `CREATE EXTENSION postgis; CREATE EXTENSION postgis_topology;
    SELECT topology.CreateTopology('town', 4326);
    SELECT topology.TopoGeo_AddPoint('town', 'SRID=4326;POINT(1 2)'::geometry);`,
  pgvector: `CREATE EXTENSION vector;
    CREATE TABLE items (id int PRIMARY KEY, v vector(3), h halfvec(2), s sparsevec(5));
    CREATE INDEX ON items USING hnsw (v vector_l2_ops);
    INSERT INTO items VALUES (1, '[1,2.5,-3e10]', '[1,2]', '{1:1.5,3:2}/5'), (2, NULL, NULL, NULL);`,
  pg_partman: `CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman;
    CREATE TABLE public.events (id int NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
    SELECT partman.create_parent('public.events', 'at', '1 day');
    INSERT INTO public.events VALUES (1, now());`,
  pgq: `CREATE EXTENSION pgq; SELECT pgq.create_queue('jobs'); SELECT pgq.insert_event('jobs', 'a', 'it''s');`,
};

describe.each(Object.entries(SAMPLES))('%s', (_, script) => {
  test('its database comes back as it was', async () => {
    const [source, target] = [await server.createDatabase(), await server.createDatabase()];
    await tools.psql(source, script);
    const taken = await take(engineFor(source), source);
    await engineFor(target).load(target, inputOf(taken), contextOf());
    const [is, was] = [canonical(await tools.pgDump(target)), canonical(await tools.pgDump(source))];
    expect(firstDifference(is, was)).toBe('');
  });
});
