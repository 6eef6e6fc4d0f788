import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../../contracts/engine/harness.ts';
import { type LoadLab, openLoadLab } from '../../../support/postgres/load-lab.ts';
import { loadSample } from '../../../support/postgres/samples.ts';

/** Whatever a fresh database does not have, by catalog. A sample's own settings would quote all names. */
const USERS_OWN = `
  SET quote_all_identifiers = off;
  SELECT 'class', relname FROM pg_class WHERE oid >= 16384
  UNION ALL SELECT 'type', typname FROM pg_type WHERE oid >= 16384
  UNION ALL SELECT 'proc', proname FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'dependency', classid::regclass::text FROM pg_depend WHERE objid >= 16384 AND deptype <> 'e'
  UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE oid >= 16384
  UNION ALL SELECT 'default acl', defaclrole::regrole::text FROM pg_default_acl
  UNION ALL SELECT 'large object', oid::text FROM pg_largeobject_metadata
  UNION ALL SELECT 'extension', extname FROM pg_extension WHERE extname <> 'plpgsql'
  UNION ALL SELECT 'event trigger', evtname FROM pg_event_trigger
  UNION ALL SELECT 'publication', pubname FROM pg_publication
  UNION ALL SELECT 'public', concat_ws(' ', nspowner::regrole, nspacl, obj_description(oid)) FROM pg_namespace WHERE oid = 2200`;

/** Who may do what with the server's own objects. */
const GRANTS = `
  SELECT kind, name, item FROM (
    SELECT 'class' AS kind, oid::regclass::text AS name, COALESCE(relacl, acldefault('r', relowner)) AS acl FROM pg_class WHERE oid < 16384
    UNION ALL SELECT 'column', attrelid::regclass || '.' || attname, attacl FROM pg_attribute WHERE attrelid < 16384
    UNION ALL SELECT 'proc', oid::regprocedure::text, COALESCE(proacl, acldefault('f', proowner)) FROM pg_proc WHERE oid < 16384
    UNION ALL SELECT 'type', oid::regtype::text, COALESCE(typacl, acldefault('T', typowner)) FROM pg_type WHERE oid < 16384
    UNION ALL SELECT 'language', lanname, COALESCE(lanacl, acldefault('l', lanowner)) FROM pg_language WHERE oid < 16384
    UNION ALL SELECT 'schema', nspname, COALESCE(nspacl, acldefault('n', nspowner)) FROM pg_namespace
  ) o, unnest(acl) AS item ORDER BY kind, name, item::text`;

describe.each([14, 15, 18] as const)('clearing PostgreSQL %i', (version) => {
  let lab: LoadLab;
  beforeAll(async () => {
    lab = await openLoadLab(version);
  });
  afterAll(() => lab?.server.stop());

  test('a database that has every kind of thing is as a fresh one after the load of an empty one (2 samples)', async () => {
    const fresh = await lab.make();
    const empty = await lab.dump(fresh);
    for (const sample of ['every-kind', 'occupied'] as const) {
      const target = await loadSample(lab.server, sample);
      expect(await lab.sql(target, USERS_OWN)).not.toBe(await lab.sql(fresh, USERS_OWN));
      await lab.load(target, empty);
      expect(await lab.sql(target, USERS_OWN), sample).toBe(await lab.sql(fresh, USERS_OWN));
    }
  });

  test('grants on what the server itself brings are those of a fresh database (2 users)', async () => {
    const [fresh, changed, owned] = [await lab.make(), await lab.make(), await lab.make()];
    const right = await lab.sql(fresh, GRANTS);
    const empty = await lab.dump(fresh);
    const name = `reset_${version}`;
    await lab.server.createRole(name);
    const database = new URL(owned).pathname.slice(1);
    await lab.sql(owned, `ALTER DATABASE ${database} OWNER TO ${name}`);
    await lab.sql(
      changed,
      `GRANT SELECT (rolpassword) ON pg_authid TO ${name}; REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC;
       REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC; GRANT SELECT ON pg_shadow TO ${name} WITH GRANT OPTION;
       REVOKE SELECT ON pg_class FROM PUBLIC; REVOKE USAGE ON TYPE int4 FROM PUBLIC; GRANT CREATE ON SCHEMA pg_catalog TO ${name}`,
    );
    expect(await lab.sql(changed, GRANTS)).not.toBe(right);
    for (const target of [fresh, changed, lab.server.url(database, name)]) {
      expect((await lab.load(target, empty)).warnings).toEqual([]);
      expect(await lab.sql(target, GRANTS)).toBe(right);
    }
  });

  test('other databases and roles are not touched', async () => {
    const [neighbour, target] = [
      await lab.make('CREATE TABLE t (a int)'),
      await lab.make('CREATE TABLE t (a int)'),
    ];
    const roles = await lab.sql(neighbour, 'SELECT * FROM pg_roles ORDER BY oid');
    const before = await lab.dump(neighbour);
    await lab.load(target, await lab.dump(await lab.make()));
    expect(await lab.dump(neighbour)).toBe(before);
    expect(await lab.sql(neighbour, 'SELECT * FROM pg_roles ORDER BY oid')).toBe(roles);
  });

  test('an extension of the dump is kept, one that it does not have is dropped, one elsewhere is moved', async () => {
    const extensions = `SELECT extname, n.nspname, e.oid < 0 FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace ORDER BY 1`;
    const dump = await lab.dump(
      await lab.make(`
        CREATE EXTENSION hstore; CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;
        CREATE TABLE uses (h hstore, c ext.citext); INSERT INTO uses VALUES ('a=>b', 'Text')`),
    );
    const target = await lab.make(`
      CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION tablefunc;
      CREATE SCHEMA ext; CREATE TABLE old (h hstore, c citext)`);
    const oid = "SELECT oid FROM pg_extension WHERE extname = 'hstore'";
    const before = await lab.sql(target, oid);
    expect((await lab.load(target, dump)).warnings).toEqual([]);
    expect(await lab.sql(target, extensions)).toBe('citext|ext|f\nhstore|public|f\nplpgsql|pg_catalog|f\n');
    expect(await lab.sql(target, oid)).toBe(before);
    expect(await lab.dump(target)).toBe(dump);
  });

  test('rows that users gave to an extension that is kept are those of the dump afterwards', async () => {
    const make = (key: string) =>
      lab.make(`
        CREATE EXTENSION cofre_sample; INSERT INTO cofre_sample.config (key) VALUES ('${key}');
        INSERT INTO cofre_sample.rules VALUES ('${key}', 'x')`);
    const dump = await lab.dump(await make('of the backup'));
    const target = await make('of the target');
    await lab.load(target, dump);
    expect(await lab.sql(target, 'SELECT key FROM cofre_sample.config')).toBe('of the backup\n');
    expect(await lab.sql(target, 'SELECT name FROM cofre_sample.rules ORDER BY 1')).toBe(
      'default\nof the backup\n',
    );
  });

  test('an ordinary owner restores over its database, and its large objects and default privileges', async () => {
    const name = `owned_${version}`;
    await lab.server.createRole(name, 'CREATEDB');
    const url = (database: string) => lab.server.url(database, name);
    await lab.sql(url('postgres'), `CREATE DATABASE ${name}`);
    await lab.sql(url('postgres'), `CREATE DATABASE ${name}_2`);
    const [source, target] = [url(name), url(`${name}_2`)];
    await lab.sql(
      source,
      `CREATE SCHEMA app; CREATE TABLE app.a (id serial PRIMARY KEY); INSERT INTO app.a DEFAULT VALUES;
       SELECT lo_from_bytea(0, 'abc'); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC`,
    );
    await lab.sql(
      target,
      `CREATE SCHEMA app; CREATE VIEW app.a AS SELECT 1; CREATE SCHEMA other; CREATE TABLE other.b (a int);
       SELECT lo_create(4711); ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
       CREATE EXTENSION IF NOT EXISTS hstore SCHEMA other`,
    );
    const dump = await lab.dump(source);
    expect((await lab.load(target, dump)).warnings).toEqual([]);
    expect(await lab.dump(target)).toBe(dump);
  });

  test('a security label whose provider the server has not loaded stays, and is told', async () => {
    const target = await lab.make(`
      SET allow_system_table_mods = on; CREATE TABLE labelled (a int);
      INSERT INTO pg_seclabel SELECT oid, 'pg_namespace'::regclass, 0, 'gone', 'x' FROM pg_namespace WHERE nspname = 'public'`);
    const dump = await lab.dump(await lab.make());
    expect((await lab.load(target, dump)).warnings).toEqual([
      expect.stringMatching(/^The security label of gone on the schema public stays: .*not loaded\.$/),
    ]);
    expect(await lab.sql(target, "SELECT to_regclass('labelled') IS NULL")).toBe('t\n');
  });

  test('what belongs to others is named, and nothing is changed', async () => {
    const name = `guest_${version}`;
    await lab.server.createRole(name);
    const target = await lab.make(
      'CREATE SCHEMA theirs; CREATE TABLE theirs.t (a int); CREATE TABLE t (a int)',
    );
    const before = await lab.dump(target);
    const database = new URL(target).pathname.slice(1);
    const failure = await failureOf(
      lab.load(lab.server.url(database, name), await lab.dump(await lab.make())),
    );
    expect(failure).toMatchObject({
      code: 'TARGET_INVALID',
      message: expect.stringMatching(/schema theirs \(of \w+\)/),
      hint: expect.stringContaining('superuser'),
    });
    expect(await lab.dump(target)).toBe(before);
  });
});
