import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasKnownCatalogs } from '../../../../lib/engines/postgres/pg-dump/newer-catalogs.ts';
import { requireSupported } from '../../../../lib/engines/postgres/pg-dump/versions.ts';
import { openSession, type PgSession } from '../../../../lib/engines/postgres/wire/connect.ts';
import { parseUrl } from '../../../../lib/engines/postgres/wire/url.ts';
import { engineFor } from '../../../../lib/engines/registry.ts';
import { contextOf, inputOf, take } from '../../../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres(19);
});

afterAll(() => server?.stop());

async function databaseWith(script: string): Promise<string> {
  const url = await server.createDatabase();
  await server.sql(decodeURIComponent(new URL(url).pathname.slice(1)), script);
  return url;
}

const sessionOn = (url: string): Promise<PgSession> =>
  openSession(parseUrl(url), { role: 'source', purpose: 'dump', signal: new AbortController().signal });

const CONNECTION =
  "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = 's'";

describe('PostgreSQL 19, by pg_dump 18', () => {
  const NEW: Record<string, readonly [script: string, named: string]> = {
    'a publication of all sequences': [
      'CREATE PUBLICATION seqs FOR ALL SEQUENCES',
      'seqs (publication of all sequences)',
    ],
    'a publication of all tables except some': [
      'CREATE TABLE t (); CREATE PUBLICATION most FOR ALL TABLES EXCEPT (TABLE t)',
      'most (publication of all tables except some)',
    ],
    'a subscription with a limit of its own': [
      `${CONNECTION}, wal_receiver_timeout = '9s')`,
      's (subscription with a server, retained dead tuples or a time limit)',
    ],
    'a subscription that retains dead tuples': [
      `${CONNECTION}, max_retention_duration = 5)`,
      's (subscription with a server, retained dead tuples or a time limit)',
    ],
    'a foreign-data wrapper with a connection function': [
      `CREATE EXTENSION postgres_fdw;
       CREATE FOREIGN DATA WRAPPER mine CONNECTION postgres_fdw_connection`,
      'mine (foreign-data wrapper with a connection function)',
    ],
  };

  test.for(Object.entries(NEW))('%s is refused by its name', async ([, [script, named]]) => {
    const url = await databaseWith(script);
    await expect(take(engineFor(url), url)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining(`holds what only PostgreSQL 19 has: ${named}.`),
      hint: expect.stringContaining('pg_dump 19'),
    });
  });

  test('what an extension has of it is in no dump, and in nobody’s way', async () => {
    const url = await databaseWith(
      "CREATE EXTENSION postgres_fdw; CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)",
    );
    const { summary } = await take(engineFor(url), url);
    expect(summary.warnings).toEqual([]);
  });

  test('catalogs with anything else are those of a server that is not known', async () => {
    await using session = await sessionOn(server.superuserUrl);
    expect(await hasKnownCatalogs(session)).toBe(true);
    await session.client.query('SET allow_system_table_mods = on');
    await session.client.query('BEGIN');
    await session.client.query('CREATE TABLE pg_catalog.pg_unheard_of (oid oid)');
    expect(await hasKnownCatalogs(session)).toBe(false);
    await expect(requireSupported(session)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      hint: expect.stringContaining('update Cofre'),
    });
    await session.client.query('ROLLBACK');
  });

  test('the dump says of which version it is, and does not go into an older server', async () => {
    const url = await databaseWith('CREATE TABLE t AS SELECT 1 AS n');
    const taken = await take(engineFor(url), url);
    expect(Buffer.from(taken.frames[0]!.bytes).toString()).toMatch(/^-- Dumped from database version 19/m);
    const older = await startPostgres(18);
    try {
      const target = await older.createDatabase();
      await expect(engineFor(target).load(target, inputOf(taken), contextOf())).rejects.toMatchObject({
        code: 'RESTORE_REFUSED',
        message: expect.stringContaining('PostgreSQL 19, the target is PostgreSQL 18'),
      });
    } finally {
      await older.stop();
    }
  });
});

test('the catalogs of 18 are those that are known', async () => {
  const server18 = await startPostgres(18);
  try {
    await using session = await sessionOn(server18.superuserUrl);
    expect(await hasKnownCatalogs(session)).toBe(true);
  } finally {
    await server18.stop();
  }
});
