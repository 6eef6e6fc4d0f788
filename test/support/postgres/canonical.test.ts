import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../servers/postgres/server.ts';
import { type Judge, judge } from '../../servers/postgres/tools.ts';
import { canonical, firstDifference } from './canonical.ts';
import { loadSample } from './samples.ts';

/** Each of these is a way in which a copy could be wrong. */
const CHANGES = [
  'UPDATE vals.texts SET t = NULL WHERE id = 1',
  'INSERT INTO app.no_columns DEFAULT VALUES',
  `INSERT INTO vals.one_text VALUES ('')`,
  "UPDATE cofre_sample.config SET value = '' WHERE key = 'b'",
  "SELECT setval('app.plain', 2, false)",
  "INSERT INTO parts.by_mood VALUES ('ok', 21)",
  "SELECT lo_put(70003, 1199999, '\\x5d')",
  'COMMENT ON INDEX app.orders_state IS NULL',
  'REVOKE SELECT (id) ON app.customers FROM "Owner ""B"""',
  'GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8) TO PUBLIC',
  'ALTER TYPE types.nested OWNER TO owner_a',
  'ALTER TABLE rules.watched ENABLE TRIGGER off',
  'REFRESH MATERIALIZED VIEW views.unfilled',
  'ALTER TABLE app.grandchild ALTER a DROP DEFAULT',
  'ALTER TABLE vals.many SET (fillfactor = 99)',
];

let server: PostgresServer;
let tools: Judge;

beforeAll(async () => {
  [server, tools] = [await startPostgres(18), await judge()];
});

afterAll(() => server?.stop());

test('two copies of a database are equal; one with any change is not', async () => {
  const source = await loadSample(server, 'every-kind');
  const copies = [await server.createDatabase(), await server.createDatabase()];
  for (const copy of copies) await tools.copy(source, copy);
  const seen = async (url: string) => canonical(await tools.pgDump(url));
  let right = await seen(copies[0]!);
  expect(firstDifference(await seen(copies[1]!), right)).toBe('');
  for (const change of CHANGES) {
    await tools.psql(copies[1]!, change);
    const changed = await seen(copies[1]!);
    expect(firstDifference(changed, right), change).not.toBe('');
    right = changed;
  }
});
