import { expect, test } from 'vitest';
import { ddlFilter } from '../../../../lib/engines/postgres/load/ddl-filter.ts';
import { extensionsIn } from '../../../../lib/engines/postgres/load/extensions.ts';
import { Statement } from '../../../../lib/engines/postgres/script/items.ts';

const statement = (text: string) => new Statement(Buffer.from(text), 1, 'UTF8');

const SURROUNDINGS = {
  versionNum: 150_000,
  roles: new Set(['here', 'Also "Here"']),
  tablespaces: new Set(['pg_default']),
  kept: { schemas: new Set(['public', 'ext']), foreignExtensions: new Set(['postgis']) },
};

/** What is left of each statement, where `true` is all. */
const CASES: Readonly<Record<string, true | string | undefined>> = {
  'ALTER TABLE public.t OWNER TO here;': true,
  'ALTER TABLE public.t OWNER TO gone;': undefined,
  'ALTER FUNCTION public.f("OWNER TO" text) OWNER TO "Also ""Here""";': true,
  'ALTER FUNCTION public.f() OWNER TO "Here";': undefined,
  "ALTER TABLE t ALTER COLUMN c SET DEFAULT ' OWNER TO gone';": true,
  'ALTER LARGE OBJECT 4711 OWNER TO gone;': undefined,
  'GRANT SELECT("from",c) ON TABLE "to" TO here WITH GRANT OPTION;': true,
  'GRANT ALL ON FUNCTION public.f("to" text) TO gone;': undefined,
  'GRANT SELECT ON t TO here, gone, PUBLIC;': 'GRANT SELECT ON t TO here, PUBLIC;',
  'REVOKE ALL ON SCHEMA public FROM PUBLIC;': true,
  'REVOKE ALL ON TABLE t FROM gone;': undefined,
  'ALTER DEFAULT PRIVILEGES FOR ROLE gone IN SCHEMA s REVOKE ALL ON TABLES FROM here;': undefined,
  'ALTER DEFAULT PRIVILEGES FOR ROLE here IN SCHEMA s GRANT ALL ON TABLES TO "Also ""Here""";': true,
  'ALTER DEFAULT PRIVILEGES FOR ROLE here GRANT ALL ON TABLES TO gone;': undefined,
  'CREATE POLICY p ON t FOR SELECT TO gone, here USING (true);':
    'CREATE POLICY p ON t FOR SELECT TO here USING (true);',
  'CREATE POLICY p ON t TO gone;': undefined,
  'CREATE POLICY p ON t USING ((a TO b));': true,
  'CREATE USER MAPPING FOR gone SERVER s;': undefined,
  'CREATE USER MAPPING FOR PUBLIC SERVER s;': true,
  'CREATE SCHEMA s AUTHORIZATION gone;': undefined,
  'CREATE SCHEMA ext;': undefined,
  'CREATE SCHEMA other;': true,
  "SET SESSION AUTHORIZATION 'here';": true,
  'SET SESSION AUTHORIZATION gone;': undefined,
  'SET SESSION AUTHORIZATION DEFAULT;': true,
  'SET transaction_timeout = 0;': undefined,
  'SET statement_timeout = 0;': true,
  "SET default_tablespace = '';": true,
  'SET default_tablespace = pg_default;': true,
  'SET default_tablespace = "Fast";': undefined,
  "COMMENT ON EXTENSION postgis IS 'of somebody else';": undefined,
  "COMMENT ON EXTENSION hstore IS 'ours';": true,
  "CREATE SUBSCRIPTION s CONNECTION 'a' PUBLICATION p WITH (connect = false, slot_name = 's', run_as_owner = true);":
    "CREATE SUBSCRIPTION s CONNECTION 'a' PUBLICATION p WITH (connect = false, slot_name = 's');",
};

test('of each kind of statement is left what the target can take', () => {
  const filter = ddlFilter({}, SURROUNDINGS);
  const found = Object.keys(CASES).map((text) => {
    const left = filter.apply(statement(text))?.text;
    return [text, left === text ? true : left];
  });
  expect(Object.fromEntries(found)).toEqual(CASES);
  expect(filter.warnings()).toEqual([
    expect.stringMatching(/Tablespaces .*: Fast\.$/),
    expect.stringMatching(/Owners and grants .*: Here, gone\.$/),
  ]);
});

test('the extensions of a dump, and their schemas', () => {
  const texts = [
    'CREATE TABLE extension ();',
    'CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;',
    'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA "My Ext";',
    'CREATE EXTENSION ltree;',
  ];
  expect(extensionsIn(texts.map(statement))).toEqual([
    { name: 'hstore', schema: 'public' },
    { name: 'uuid-ossp', schema: 'My Ext' },
    { name: 'ltree', schema: undefined },
  ]);
});
