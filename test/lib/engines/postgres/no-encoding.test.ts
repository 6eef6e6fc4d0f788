import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoadInput, TablesInput } from '../../../../lib/engines/engine.ts';
import { postgresEngine } from '../../../../lib/engines/postgres/engine.ts';
import { contextOf, failureOf, inputOf, type Taken, take } from '../../../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';
import { type Judge, judge } from '../../../servers/postgres/tools.ts';
import { firstDifference } from '../../../support/postgres/canonical.ts';

const engine = postgresEngine();
let tools: Judge;
let server: PostgresServer;

beforeAll(async () => {
  [tools, server] = [await judge(), await startPostgres(18)];
});
afterAll(() => server?.stop());

async function make(name: string, script = ''): Promise<string> {
  await server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'`);
  await server.sql(name, script);
  return server.url(name);
}

describe('a database without an encoding', () => {
  let url: string;
  let taken: Taken;
  let right: string;
  const input = (): LoadInput => {
    const { frames, expected } = inputOf(taken);
    return { frames, expected: { ...expected!, details: taken.summary.details } };
  };
  const seen = (database: string) => tools.pgDump(database, '--encoding=SQL_ASCII');

  beforeAll(async () => {
    url = await make(
      'source',
      `CREATE SCHEMA "ação"; CREATE TABLE "ação"."já" ("é" serial PRIMARY KEY, body text DEFAULT E'\\xfc');
       INSERT INTO "ação"."já" (body) VALUES (E'\\xe9\\xff'), (DEFAULT), ('é');
       CREATE INDEX ON "ação"."já" (body); CREATE TABLE plain AS SELECT 1 AS a;
       CREATE VIEW v AS SELECT E'\\xe0'::text AS x FROM "ação"."já"`,
    );
    taken = await take(engine, url);
    right = await seen(url);
  });

  test.each(['transaction', 'swap'] as const)(
    'with names in UTF-8 comes back as it was (%s)',
    async (mode) => {
      const target = await make(mode, 'CREATE TABLE left_over (a int)');
      const options = mode === 'swap' ? { mode, jobs: 2 } : {};
      const { tables } = await engine.load(target, input(), contextOf(), options);
      expect(tables).toEqual(taken.summary.tables);
      expect(firstDifference(await seen(target), right)).toBe('');
      const bytes = `SELECT string_agg(encode(body::bytea, 'hex'), ',' ORDER BY "é") FROM "ação"."já"`;
      expect(await tools.psql(target, bytes)).toBe('e9ff,fc,c3a9\n');
    },
  );

  test('is made where there is none, and its backup verified', async () => {
    const target = server.url('made_new');
    await engine.load(target, input(), contextOf());
    expect(firstDifference(await seen(target), right)).toBe('');
    expect((await engine.verify(input(), contextOf())).tables).toEqual(taken.summary.tables);
  });

  test('gives single tables back, bytes and all', async () => {
    const target = await make('single', 'CREATE TABLE other (a int)');
    const { frames, summary } = taken;
    const read: TablesInput['read'] = async function* (section, tables) {
      yield* frames.filter((it) => it.section === section && (!tables || tables.includes(it.table!)));
    };
    const { name } = summary.tables.find((it) => it.rows === 3)!;
    const input = { tables: [name], known: summary.tables, details: summary.details, read };
    const { tables } = await engine.loadTables!(target, input, contextOf(), { replace: false });
    const bytes = `SELECT string_agg(encode(body::bytea, 'hex'), ',' ORDER BY "é") FROM ${tables[0]!.restoredAs}`;
    expect(await tools.psql(target, bytes)).toBe('e9ff,fc,c3a9\n');
  });

  test('with a name in another encoding cannot be dumped, which is told with the way out', async () => {
    const name = "convert_from('\\x636166e9', 'SQL_ASCII')";
    const bad = await make('bad', `DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', ${name}); END $$`);
    const failure = await failureOf(take(engine, bad));
    expect(failure).toMatchObject({ code: 'SOURCE_INVALID', hint: expect.stringContaining('RENAME') });
  });
});
