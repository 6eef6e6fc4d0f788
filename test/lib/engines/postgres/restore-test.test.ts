import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Difference } from '../../../../lib/engines/content/content.ts';
import type { Expected } from '../../../../lib/engines/engine.ts';
import { contextOf, type Taken, take } from '../../../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';
import {
  differences,
  engine,
  plantings,
  restoreTest,
  SHOP,
  tryRestore,
} from '../../../support/postgres/restore-test-lab.ts';

const LIKE: Expected = { rawSize: 0, tables: [] };
const databaseOf = (url: string) => new URL(url).pathname.slice(1);

describe.each([14, 18] as const)('PostgreSQL %i', (version) => {
  let server: PostgresServer;
  let source: string;
  let taken: Taken;
  beforeAll(async () => {
    server = await startPostgres(version);
    for (const role of ['keeper', 'reader']) await server.createRole(role);
    source = await make(SHOP);
    taken = await take(engine, source);
  });
  afterAll(() => server?.stop());

  const make = async (script: string, template?: string) => {
    const url = await server.createDatabase(undefined, template);
    await server.sql(databaseOf(url), script);
    return url;
  };
  const names = async (pattern: string) =>
    (await server.sql('postgres', `SELECT datname FROM pg_database WHERE datname ~ '${pattern}' ORDER BY 1`))
      .split('\n')
      .filter(Boolean);
  const open = (place = server.superuserUrl, like = LIKE) =>
    restoreTest.openScratch(place, like, contextOf());

  test('a backup that comes back is equal, and nothing is left of the test', async () => {
    expect(await tryRestore(taken, server.superuserUrl)).toEqual([]);
    expect(await names('^cofre_')).toEqual([]);
  });

  test.each(plantings())('finds $whats', async ({ plants }) => {
    const changed = await make(plants.map(({ sql }) => sql).join(';\n'), databaseOf(source));
    const told = (await differences(taken, await take(engine, changed))).map(
      ({ kind, object, explained }: Difference) => `${kind} ${object}${explained ? ` (${explained})` : ''}`,
    );
    expect(told.sort()).toEqual(plants.flatMap(({ found }) => found).sort());
  });

  test('a scratch database sorts and stores text as the one that the backup is of', async () => {
    const icu = version >= 16 ? "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' ICU_RULES '&a < z'" : '';
    await server.sql('postgres', 'DROP DATABASE IF EXISTS old_text');
    await server.sql(
      'postgres',
      `CREATE DATABASE old_text TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' ${icu}`,
    );
    await server.sql('old_text', "CREATE TABLE t (a text); INSERT INTO t VALUES ('zoo'), ('bar')");
    const old = await take(engine, server.url('old_text'));
    expect(await tryRestore(old, server.superuserUrl)).toEqual([]);
    const other = await differences(old, await take(engine, await make(SHOP)));
    const properties = other.filter(({ kind }) => kind === 'DATABASE').map(({ object }) => object);
    expect(properties).toEqual([
      ...(icu ? ['ICU rules'] : []),
      'encoding',
      ...(icu ? ['locale', 'locale provider'] : []),
    ]);
  });

  test('what belongs to the target is told, and explained by that', async () => {
    const owned = await make(`CREATE TABLE t (a integer);
      DO $$ BEGIN
        EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'Mine');
        EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 7', current_database());
        EXECUTE format('ALTER DATABASE %I SET app.key TO %L', current_database(), 'hidden');
        EXECUTE format('GRANT CREATE ON DATABASE %I TO reader', current_database());
        EXECUTE format('ALTER DATABASE %I OWNER TO keeper', current_database());
      END $$`);
    const found = await tryRestore(await take(engine, owned), server.superuserUrl);
    expect(found.map(({ object, explained }) => `${object}: ${explained}`)).toEqual(
      ['comment', 'connection limit', 'owner', 'privileges', 'settings'].map(
        (name) => `${name}: kept-by-target`,
      ),
    );
    expect(JSON.stringify(found)).not.toContain('hidden');
  });

  test('nothing acts by itself: no subscription connects, no event trigger fires', async () => {
    const login = `CREATE EVENT TRIGGER on_login ON login EXECUTE FUNCTION record();`;
    const busy = await make(`
      CREATE TABLE log (what text);
      CREATE FUNCTION record() RETURNS event_trigger LANGUAGE plpgsql
        AS $$ BEGIN INSERT INTO public.log VALUES (tg_event); END $$;
      CREATE MATERIALIZED VIEW seen AS SELECT count(*) FROM pg_class WHERE false;
      CREATE SUBSCRIPTION afar CONNECTION 'host=192.0.2.1 password=pw' PUBLICATION p WITH (connect = false);
      CREATE EVENT TRIGGER recorder ON ddl_command_start EXECUTE FUNCTION record();
      ALTER EVENT TRIGGER recorder ENABLE ALWAYS;
      ${version >= 17 ? login : ''}`);
    const found = await tryRestore(await take(engine, busy), server.superuserUrl);
    expect(found).toEqual([]);
  });

  test('a scratch database is marked, and dropped once', async () => {
    const scratch = await open();
    expect(scratch.name).toMatch(/^cofre_restore_test_[0-9a-f]{16}$/);
    expect(scratch.server).toBe(`postgres://postgres@127.0.0.1:${server.port}`);
    expect(databaseOf(scratch.url)).toBe(scratch.name);
    expect(scratch.version).toMatch(new RegExp(`^${version}\\.`));
    expect(await engine.sweep(server.superuserUrl)).toBe(0);
    expect(await names('^cofre_')).toEqual([scratch.name]);
    await scratch.drop();
    await scratch.drop();
    expect(await names('^cofre_')).toEqual([]);
  });

  test('what a maker has left that was killed is swept, from any host', async () => {
    const script = fileURLToPath(new URL('../../../support/postgres/scratch-process.ts', import.meta.url));
    // Another log stream of Lambda is another host: see thisProcess.
    const env = { ...process.env, AWS_LAMBDA_LOG_STREAM_NAME: 'elsewhere' };
    const child = fork(script, [server.superuserUrl], { env });
    const [name] = await once(child, 'message');
    expect(await engine.sweep(server.superuserUrl)).toBe(0);
    expect(await names('^cofre_')).toEqual([name]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => engine.sweep(server.superuserUrl)).toBe(1);
    expect(await names('^cofre_')).toEqual([]);
  });

  test('a drop that was cut short is finished by the next sweep', async () => {
    const scratch = await open();
    await server.sql(
      'postgres',
      `UPDATE pg_database SET datconnlimit = -2 WHERE datname = '${scratch.name}';
       SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name ~ '^cofre restore-test'`,
    );
    expect(await engine.sweep(server.superuserUrl)).toBe(1);
    expect(await names('^cofre_')).toEqual([]);
    await scratch.drop();
  });

  test('a database without the mark stays, whatever it is called', async () => {
    const scratch = await open();
    const [own, alike] = ['cofre_restore_test_abc', `cofre_restore_test_${'0123456789abcdef'}`];
    for (const name of [own, alike]) {
      await server.createDatabase(name);
      await server.sql('postgres', `COMMENT ON DATABASE ${name} IS '${name}: a restore test of Cofre'`);
    }
    const renamed = 'cofre_restore_test_fedcba9876543210';
    await server.sql('postgres', `ALTER DATABASE ${scratch.name} RENAME TO ${renamed}`);
    await scratch.drop();
    expect(await engine.sweep(server.superuserUrl)).toBe(0);
    const other = await open();
    await other.drop();
    expect(await names('^cofre_')).toEqual([alike, own, renamed].sort());
    for (const name of [own, alike, renamed]) await server.sql('postgres', `DROP DATABASE ${name}`);
  });

  test('who may not make databases is told what to grant', async () => {
    await server.sql('postgres', 'DROP ROLE IF EXISTS "Small one"');
    await server.createRole('Small one');
    const place = server.url(databaseOf(source), 'Small one');
    await expect(open(place)).rejects.toMatchObject({
      code: 'RESTORE_REFUSED',
      hint: expect.stringContaining('ALTER ROLE "Small one" CREATEDB;'),
    });
    await server.sql('postgres', 'ALTER ROLE "Small one" CREATEDB');
    const scratch = await open(place);
    await scratch.drop();
    expect(await names('^cofre_')).toEqual([]);
  });

  test('an abort leaves nothing behind', async () => {
    const controller = new AbortController();
    const opening = restoreTest.openScratch(
      server.superuserUrl,
      LIKE,
      contextOf({ signal: controller.signal }),
    );
    await expect
      .poll(() => names('^cofre_'))
      .not.toEqual([])
      .catch(() => {});
    controller.abort(new Error('enough'));
    await opening.then(
      (scratch) => scratch.drop(),
      (error) => expect(error).toMatchObject({ message: 'enough' }),
    );
    expect(await names('^cofre_')).toEqual([]);
  });
});
