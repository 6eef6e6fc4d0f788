import { compare } from '../../../lib/engines/content/compare.ts';
import type { Content, Difference } from '../../../lib/engines/content/content.ts';
import type { RestoreTestCapability } from '../../../lib/engines/engine.ts';
import { postgresEngine } from '../../../lib/engines/postgres/engine.ts';
import { contextOf, replay, type Taken, take } from '../../contracts/engine/harness.ts';

export const engine = postgresEngine({ restrictKey: 'k' });
export const restoreTest: RestoreTestCapability = engine.restoreTest!;

export async function contentOf({ frames, summary }: Taken): Promise<Content> {
  return await restoreTest.content({ frames: replay(frames), details: () => summary.details }, contextOf());
}

/** Every difference between two dumps; `warnings` are those of the load between them. */
export async function differences(
  was: Taken,
  is: Taken,
  warnings: readonly string[] = [],
): Promise<Difference[]> {
  const side = ({ info, summary }: Taken, warnings: readonly string[]) => ({
    version: info.version,
    details: summary.details,
    warnings,
  });
  const between = { was: side(was, was.summary.warnings), is: side(is, warnings) };
  return compare(await contentOf(was), await contentOf(is), (one, other) =>
    restoreTest.explain(one, other, between),
  );
}

/** A whole restore test of a dump on the server of `place`. */
export async function tryRestore(was: Taken, place: string): Promise<Difference[]> {
  const expected = { rawSize: was.rawSize, tables: was.summary.tables, details: was.summary.details };
  const scratch = await restoreTest.openScratch(place, expected, contextOf());
  try {
    const input = { frames: replay(was.frames), expected };
    const { warnings } = await engine.load(scratch.url, input, contextOf(), { inert: true });
    return await differences(was, await take(engine, scratch.url), warnings);
  } finally {
    await scratch.drop();
  }
}

/** A database in which everything can be lost that `PLANTED` loses. The roles `keeper` and `reader` are there. */
export const SHOP = `
  CREATE TABLE customers (id integer PRIMARY KEY, name text DEFAULT 'nobody');
  CREATE TABLE orders (id serial PRIMARY KEY, customer integer CONSTRAINT ordered_by REFERENCES customers, note text);
  CREATE TABLE log (line text);
  INSERT INTO customers SELECT n, 'customer ' || n FROM generate_series(1, 300) n;
  INSERT INTO orders (customer, note) SELECT n, repeat('x', n) FROM generate_series(1, 300) n;
  INSERT INTO log VALUES ('once'), ('twice'), ('twice'), (NULL), (''), (E'a\\nb\\tc\\\\');
  CREATE INDEX by_note ON orders (note);
  CREATE VIEW busy AS SELECT customer FROM orders;
  CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
  CREATE TYPE mood AS ENUM ('sad', 'glad');
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER stamped BEFORE INSERT ON log EXECUTE FUNCTION stamp();
  ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
  CREATE POLICY older ON customers TO reader USING (id > 5);
  GRANT SELECT ON customers TO reader;
  GRANT INSERT ON customers TO reader;
  COMMENT ON TABLE log IS 'A log';
  SELECT lo_from_bytea(4711, 'large'), lo_from_bytea(4712, decode(repeat('ab', 3000000), 'hex'));
  GRANT SELECT ON LARGE OBJECT 4711 TO reader;`;

interface Plant {
  readonly sql: string;
  /** Kind and name of each difference, in their order. */
  readonly found: readonly string[];
}

/** What may have happened to a database, and how it is told. */
const PLANTED: Readonly<Record<string, Plant>> = {
  nothing: { sql: 'VACUUM', found: [] },
  'rows in another order': {
    sql: 'CREATE TABLE t AS SELECT * FROM log ORDER BY line; TRUNCATE log; INSERT INTO log SELECT * FROM t; DROP TABLE t',
    found: [],
  },
  'a changed byte': {
    sql: "UPDATE customers SET name = 'Customer 7' WHERE id = 7",
    found: ['ROWS public.customers'],
  },
  'a lost row': { sql: 'DELETE FROM orders WHERE id = 300', found: ['ROWS public.orders'] },
  'a row twice': { sql: "INSERT INTO log VALUES ('once')", found: ['ROWS public.log'] },
  'an empty text for none': {
    sql: "UPDATE log SET line = '' WHERE line IS NULL",
    found: ['ROWS public.log'],
  },
  'values that have changed places': {
    sql: `UPDATE customers SET name = CASE id WHEN 1 THEN 'customer 2' ELSE 'customer 1' END WHERE id < 3`,
    found: ['ROWS public.customers'],
  },
  'a lost index': { sql: 'DROP INDEX by_note', found: ['INDEX public.by_note'] },
  'a changed default': {
    sql: "ALTER TABLE customers ALTER name SET DEFAULT 'somebody'",
    found: ['TABLE public.customers'],
  },
  'a view left out': { sql: 'DROP VIEW busy', found: ['VIEW public.busy'] },
  'a privilege missing': {
    sql: 'REVOKE INSERT ON customers FROM reader',
    found: ['ACL TABLE public.customers'],
  },
  'another owner': { sql: 'ALTER TABLE log OWNER TO keeper', found: ['TABLE public.log'] },
  'a sequence behind': {
    sql: "SELECT setval('orders_id_seq', 299)",
    found: ['SEQUENCE SET public.orders_id_seq'],
  },
  'a foreign key renamed': {
    sql: 'ALTER TABLE orders RENAME CONSTRAINT ordered_by TO bought_by',
    found: ['FK CONSTRAINT public.orders bought_by', 'FK CONSTRAINT public.orders ordered_by'],
  },
  'a trigger disabled': {
    sql: 'ALTER TABLE log DISABLE TRIGGER stamped',
    found: ['TRIGGER public.log stamped'],
  },
  'another body': {
    sql: "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2* n'",
    found: ['FUNCTION public.twice(integer)'],
  },
  'a value more': { sql: "ALTER TYPE mood ADD VALUE 'bored'", found: ['TYPE public.mood'] },
  'a policy changed': {
    sql: 'ALTER POLICY older ON customers USING (id > 4)',
    found: ['POLICY public.customers older'],
  },
  'row security off': {
    sql: 'ALTER TABLE customers DISABLE ROW LEVEL SECURITY',
    found: ['ROW SECURITY public.customers'],
  },
  'a lost comment': { sql: 'COMMENT ON TABLE log IS NULL', found: ['COMMENT TABLE public.log'] },
  'a new, empty table': {
    sql: 'CREATE TABLE more (a integer)',
    found: ['TABLE public.more', 'ROWS public.more'],
  },
  'a column in another place': {
    sql: 'ALTER TABLE customers DROP name; ALTER TABLE customers ADD name text; ALTER TABLE customers DROP id CASCADE',
    found: [
      'CONSTRAINT public.customers customers_pkey',
      'FK CONSTRAINT public.orders ordered_by',
      'POLICY public.customers older',
      'TABLE public.customers',
      'ROWS public.customers',
    ],
  },
  'an index of another kind': {
    sql: 'DROP INDEX by_note; CREATE INDEX by_note ON orders (note) WITH (fillfactor = 50)',
    found: ['INDEX public.by_note'],
  },
  'a byte of a large object': {
    sql: "SELECT lo_put(4712, 2500000, '\\x00')",
    found: ['LARGE OBJECTS all'],
  },
  'the owner of a large object': {
    sql: 'ALTER LARGE OBJECT 4712 OWNER TO keeper',
    found: ['LARGE OBJECT 4712'],
  },
  'a right on a large object': {
    sql: 'REVOKE SELECT ON LARGE OBJECT 4711 FROM reader',
    found: ['ACL LARGE OBJECT 4711'],
  },
};

/** All of them, as many at a time as are told by different names: a dump takes longer than all else. */
export function plantings(): { readonly whats: string; readonly plants: readonly Plant[] }[] {
  const batches: { what: string; plant: Plant }[][] = [];
  for (const [what, plant] of Object.entries(PLANTED)) {
    const free = batches.find((batch) => !batch.some((other) => overlap(other.plant, plant)));
    if (free) free.push({ what, plant });
    else batches.push([{ what, plant }]);
  }
  return batches.map((batch) => ({
    whats: batch.map(({ what }) => what).join(', '),
    plants: batch.map(({ plant }) => plant),
  }));
}

function overlap(one: Plant, other: Plant): boolean {
  return one.found.some((name) => other.found.includes(name));
}
