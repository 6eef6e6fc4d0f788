import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineContext } from '../../../../lib/engines/engine.ts';
import { postgresEngine } from '../../../../lib/engines/postgres/engine.ts';
import { refusalOf, type Taken, take } from '../../../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';
import { type Judge, judge } from '../../../servers/postgres/tools.ts';
import { type Holder, holder } from '../../../support/postgres/holder.ts';

const engine = postgresEngine({ jobs: 3, lockSeconds: 20 });
let tools: Judge;
let server: PostgresServer;

beforeAll(async () => {
  tools = await judge();
  server = await startPostgres(18);
});
afterAll(() => server?.stop());

async function database(script: string): Promise<string> {
  const url = await server.createDatabase();
  await tools.psql(url, script);
  return url;
}

const bodyOf = (bytes: Uint8Array) => {
  const text = Buffer.from(bytes);
  return text.subarray(text.indexOf('\n') + 1, -'\\.\n\n'.length);
};
const framesOf = ({ frames }: Taken, name: string) => frames.filter(({ table }) => table === name);
const rowsOf = (taken: Taken, name: string) =>
  Buffer.concat(framesOf(taken, name).map(({ bytes }) => bodyOf(bytes)));
const looseOf = ({ frames }: Taken) =>
  frames
    .filter(({ section, table }) => section === 'data' && table === undefined)
    .map(({ bytes }) => String(Buffer.from(bytes)));

describe('rows', () => {
  test('of a table that is read in ranges come out in its order, as COPY of the whole gives them', async () => {
    const url = await database(`
      CREATE TABLE large AS SELECT i AS id, md5(i::text) AS a, repeat(md5((i * 7)::text), 8) AS b
        FROM generate_series(1, 150000) AS i;
      DELETE FROM large WHERE id % 1000 < 300;
      CREATE TABLE stored (id integer, body text);
      ALTER TABLE stored ALTER body SET STORAGE EXTERNAL;
      INSERT INTO stored SELECT i, repeat(chr(97 + i % 26), 300000) FROM generate_series(1, 120) AS i;`);
    const taken = await take(engine, url);
    for (const name of ['large', 'stored']) {
      expect(framesOf(taken, `public.${name}`).length).toBeGreaterThan(3);
      const whole = await tools.psql(url, `COPY ${name} TO STDOUT`);
      expect(rowsOf(taken, `public.${name}`).equals(Buffer.from(whole))).toBe(true);
    }
    expect(taken.summary.tables).toEqual([
      { name: 'public.large', rows: 105_000 },
      { name: 'public.stored', rows: 120 },
    ]);
  });

  test('of any size make frames of their own: empty, 1 byte, 2 MiB, 40 MB', async () => {
    const url = await database(`
      CREATE TABLE sizes (body text);
      INSERT INTO sizes VALUES (NULL), (''), ('x'), (repeat('m', 2097152)), (repeat('h', 40000000)), ('last');`);
    const taken = await take(engine, url);
    const lengths = rowsOf(taken, 'public.sizes')
      .toString('latin1')
      .split('\n')
      .map(({ length }) => length);
    expect(lengths).toEqual([2, 0, 1, 2_097_152, 40_000_000, 4, 0]);
    expect(framesOf(taken, 'public.sizes').map(({ rows }) => rows)).toEqual([3, 1, 1, 1]);
  });

  test('of tables under odd names, without columns, or with generated ones have the header that pg_dump writes', async () => {
    const url = await database(`
      CREATE SCHEMA "Odd one";
      CREATE TABLE "Odd one"."it's ""T""" (id serial, "select" integer, json text, "Ünï" integer, merge_action integer,
        twice integer GENERATED ALWAYS AS (id * 2) STORED, gone integer);
      ALTER TABLE "Odd one"."it's ""T""" DROP gone;
      INSERT INTO "Odd one"."it's ""T""" (json) VALUES (E'tab\\tnewline\\nback\\\\slash');
      CREATE TABLE "system_user" (); INSERT INTO "system_user" DEFAULT VALUES;
      CREATE TABLE generated (); ALTER TABLE generated ADD one integer GENERATED ALWAYS AS (1) STORED;
      INSERT INTO generated DEFAULT VALUES; INSERT INTO generated DEFAULT VALUES;`);
    const taken = await take(engine, url);
    const native = await tools.pgDump(url, '--section=data');
    for (const { bytes, table } of taken.frames.filter(({ table }) => table !== undefined)) {
      expect(native, table).toContain(String(Buffer.from(bytes)));
    }
    expect(taken.summary.tables.map(({ name, rows }) => [name, rows])).toEqual([
      [`"Odd one"."it's ""T"""`, 1],
      ['public."system_user"', 1],
      ['public.generated', 2],
    ]);
    expect(looseOf(taken).join('').trim()).toBe(native.match(/^SELECT pg_catalog\.setval.*$/gm)!.join('\n'));
  });

  test('of a table partitioned by the hash of an enum go in through its root, and count for it', async () => {
    const url = await database(`
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
      CREATE TABLE people (id integer, mood mood) PARTITION BY HASH (mood);
      CREATE TABLE people_0 PARTITION OF people FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE people_1 (mood mood, id integer);
      ALTER TABLE people ATTACH PARTITION people_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO people SELECT i, (enum_range(NULL::mood))[1 + i % 3] FROM generate_series(1, 99) AS i;
      CREATE TABLE days (day date) PARTITION BY RANGE (day);
      CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO days VALUES ('2026-11-24');`);
    const taken = await take(engine, url);
    expect(taken.summary.tables).toEqual([
      { name: 'public.days_2026', rows: 1 },
      { name: 'public.people', rows: 99 },
    ]);
    const copy = await server.createDatabase();
    const script = Buffer.concat(taken.frames.map(({ bytes }) => bytes)).toString();
    await tools.psql(copy, script);
    expect(await tools.psql(copy, 'SELECT sum(id), count(DISTINCT mood) FROM people')).toBe('4950|3\n');
  });

  test('that are bytes of no encoding go through as they are', async () => {
    await server.sql('postgres', "CREATE DATABASE raw TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'");
    const url = server.url('raw');
    await server.sql('raw', "CREATE TABLE bytes AS SELECT E'\\xe9\\xff'::text AS body");
    const taken = await take(engine, url);
    expect(rowsOf(taken, 'public.bytes').toString('hex')).toBe('e9ff0a');
    expect(taken.summary.details).toMatchObject({ encoding: 'SQL_ASCII' });
  });
});

describe('other sessions', () => {
  let other: Holder;
  const THREE = `
    CREATE TABLE small (id integer); INSERT INTO small VALUES (1);
    CREATE TABLE busy AS SELECT i AS id, repeat(md5(i::text), 12) AS body FROM generate_series(1, 60000) AS i;
    CREATE TABLE rest AS SELECT i AS id FROM generate_series(1, 20000) AS i;`;

  /** Dumps the database; `meanwhile` runs when the snapshot and the locks are there, before the first row. */
  async function takeWith(url: string, meanwhile: () => Promise<void>, parts: Partial<EngineContext> = {}) {
    const slow = {
      ...engine,
      dump: async (...args: Parameters<typeof engine.dump>) => {
        const dump = await engine.dump(...args);
        await meanwhile();
        return dump;
      },
    };
    return await take(slow, url, parts);
  }

  afterAll(() => other?.close());

  test('that wait for a stronger lock are waited for by nobody: the dump is whole, then they go on', async () => {
    const url = await database(THREE);
    other = await holder(url);
    let waiting: Promise<void> | undefined;
    const taken = await takeWith(url, async () => {
      waiting = other.run('BEGIN; LOCK TABLE busy, rest IN ACCESS EXCLUSIVE MODE; DROP TABLE busy; COMMIT');
      await other.untilWaiting();
    });
    expect(taken.summary.tables).toEqual([
      { name: 'public.busy', rows: 60_000 },
      { name: 'public.rest', rows: 20_000 },
      { name: 'public.small', rows: 1 },
    ]);
    await waiting;
    expect(await tools.psql(url, "SELECT to_regclass('busy') IS NULL")).toBe('t\n');
  });

  test.each([
    ['emptied', 'TRUNCATE busy'],
    ['rewritten', 'ALTER TABLE busy ALTER id TYPE bigint'],
  ])('that have a table %s between snapshot and locks make it SOURCE_BUSY', async (_, change) => {
    const url = await database(THREE);
    await using session = await holder(url);
    await session.run(`BEGIN; ${change}`);
    const dumping = refusalOf(take(engine, url), 20_000);
    await expect.poll(() => lockWaiters(url)).toBeGreaterThan(0);
    await session.run('COMMIT');
    expect(await dumping).toBe('SOURCE_BUSY');
    await take(engine, url);
  });

  test('that drop a table between snapshot and locks fail it', async () => {
    const url = await database(THREE);
    await using session = await holder(url);
    await session.run('BEGIN; DROP TABLE rest');
    const dumping = refusalOf(take(engine, url), 20_000);
    await expect.poll(() => lockWaiters(url)).toBeGreaterThan(0);
    await session.run('COMMIT');
    expect(await dumping).toMatch(/^SOURCE_/);
  });

  test('that end one of its connections fail it (4 connections)', async () => {
    const url = await database(THREE);
    const outcomes: string[] = [];
    for (const nth of [0, 1, 2, 3]) {
      const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name LIKE 'cofre dump %' AND datname = current_database()
        ORDER BY backend_start OFFSET ${nth} LIMIT 1`;
      outcomes.push(await refusalOf(takeWith(url, async () => void (await tools.psql(url, sql)))));
    }
    expect(outcomes).toEqual(Array(4).fill('SOURCE_FAILED'));
  });

  test('that cancel a COPY of it fail it', async () => {
    expect(await cancelled(await database(THREE))).toBe('SOURCE_FAILED');
  });

  /** Cancels whatever copies rows, again and again, while they are read slowly. */
  async function cancelled(url: string): Promise<string> {
    const sql = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE application_name LIKE 'cofre dump %' AND datname = current_database() AND query LIKE '%COPY%' AND state = 'active'`;
    const stop = new AbortController();
    const cancelling = (async () => {
      while (!stop.signal.aborted) await tools.psql(url, sql);
    })();
    await tools.psql(
      url,
      `CREATE TABLE IF NOT EXISTS wide AS SELECT repeat(md5(i::text), 100) FROM generate_series(1, 60000) AS i`,
    );
    const code = await refusalOf(take(engine, url, {}, 20));
    stop.abort();
    await cancelling;
    return code;
  }

  async function lockWaiters(url: string): Promise<number> {
    return Number(
      await tools.psql(
        url,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      ),
    );
  }
});
