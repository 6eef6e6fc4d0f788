import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load } from '../../../../lib/engines/postgres/load.ts';
import { contextOf, failureOf } from '../../../contracts/engine/harness.ts';
import { cuttingProxy } from '../../../support/cutting-proxy.ts';
import { forgetfulProxy } from '../../../support/postgres/forgetful-proxy.ts';
import { type LoadLab, openLoadLab } from '../../../support/postgres/load-lab.ts';

const SAMPLE = `
  CREATE TABLE items (id integer PRIMARY KEY, name text);
  INSERT INTO items SELECT n, 'Café ' || n FROM generate_series(1, 20000) n;
  CREATE INDEX ON items (name)`;

describe('a load', () => {
  let lab: LoadLab;
  let dump: string;
  beforeAll(async () => {
    lab = await openLoadLab(16);
    dump = await lab.dump(await lab.make(SAMPLE));
  });
  afterAll(() => lab?.server.stop());

  const occupied = () => lab.make('CREATE TABLE old (a int); INSERT INTO old VALUES (1)');
  const through = (url: string, port: number) => {
    const parsed = new URL(url);
    [parsed.port, parsed.search] = [String(port), '?sslmode=disable'];
    return parsed.href;
  };

  test('is refused before anything changes: a newer version (2 ways to know), extensions that are not there', async () => {
    const target = await occupied();
    const before = await lab.dump(target);
    const newer = dump.replace(/(Dumped from database version) \d+/, '$1 19');
    const expected = { rawSize: dump.length, tables: [], details: { serverVersionNum: 170_002 } };
    const lacking = dump.replace(
      'CREATE TABLE',
      'CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;\nCREATE EXTENSION "Odd One";\nCREATE TABLE',
    );
    const failures = [
      await failureOf(lab.load(target, newer)),
      await failureOf(lab.load(target, dump, { expected })),
      await failureOf(lab.load(target, lacking)),
    ];
    expect(failures).toMatchObject([
      {
        code: 'RESTORE_REFUSED',
        message: expect.stringContaining('PostgreSQL 19, the target is PostgreSQL 16'),
      },
      {
        code: 'RESTORE_REFUSED',
        message: expect.stringContaining('PostgreSQL 17, the target is PostgreSQL 16'),
      },
      { code: 'RESTORE_REFUSED', message: expect.stringContaining('postgis, Odd One') },
    ]);
    expect(await lab.dump(target)).toBe(before);
  });

  test('leaves out owners, grants and tablespaces that the server does not have, and says so', async () => {
    await lab.server.createRole('known');
    const statements = `
      ALTER TABLE public.items OWNER TO "Un Known";
      GRANT SELECT ON TABLE public.items TO known;
      GRANT SELECT ON TABLE public.items TO unknown;
      CREATE POLICY p ON public.items TO known, unknown USING (true);
      SET default_tablespace = nowhere;
      ALTER DEFAULT PRIVILEGES FOR ROLE unknown GRANT SELECT ON TABLES TO known;`;
    const target = await lab.make();
    const { warnings } = await lab.load(target, `${dump}${statements}`);
    expect(warnings).toEqual([
      expect.stringMatching(/Tablespaces .*: nowhere\.$/),
      expect.stringMatching(/Owners and grants .*: Un Known, unknown\.$/),
    ]);
    const acl = "SELECT array_to_string(relacl, ' ') ~ 'known=r' FROM pg_class WHERE relname = 'items'";
    expect(await lab.sql(target, acl)).toBe('t\n');
    expect(await lab.sql(target, 'SELECT polroles::regrole[] FROM pg_policy')).toBe('{known}\n');
  });

  test('leaves out owners and grants when told to, without a word', async () => {
    await lab.server.createRole('other_owner');
    const source = await lab.make(
      'CREATE TABLE t (a int); ALTER TABLE t OWNER TO other_owner; GRANT SELECT ON t TO PUBLIC',
    );
    const state =
      "SELECT relowner::regrole::text <> 'other_owner', relacl IS NULL FROM pg_class WHERE relname = 't'";
    const found = [];
    for (const options of [
      {},
      { noOwner: true },
      { noPrivileges: true },
      { noOwner: true, noPrivileges: true },
    ]) {
      const target = await lab.make();
      expect((await lab.load(target, await lab.dump(source), { options })).warnings).toEqual([]);
      found.push(await lab.sql(target, state));
    }
    expect(found).toEqual(['f|f\n', 't|f\n', 'f|t\n', 't|t\n']);
  });

  test('reads dumps with COPY and with INSERT, in UTF-8 and in Latin-1', async () => {
    const source = await lab.make("CREATE TABLE café (größe text); INSERT INTO café VALUES ('Ärger')");
    const right = await lab.dump(source);
    for (const args of [[], ['--inserts']]) {
      const text = await lab.dump(source, ...args);
      const latin1 = text.replace("client_encoding = 'UTF8'", "client_encoding = 'LATIN1'");
      for (const bytes of [Buffer.from(text), Buffer.from(latin1, 'latin1')]) {
        const target = await occupied();
        await load(target, { frames: one(bytes) }, contextOf(), { lockWaitMs: 1_000, jobs: 1 });
        expect(await lab.dump(target)).toBe(right);
      }
    }
  });

  async function* one(bytes: Uint8Array) {
    yield { section: 'data' as const, rows: 0, bytes };
  }

  test('stops at once amid a long CREATE INDEX, and leaves no session', async () => {
    const slow = dump.replace(
      /^CREATE INDEX/m,
      `CREATE FUNCTION public.slow(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.pg_sleep(3600); SELECT $1';
       CREATE INDEX slow ON public.items (public.slow(name));\nCREATE INDEX`,
    );
    const target = await occupied();
    const before = await lab.dump(target);
    const controller = new AbortController();
    const loading = failureOf(lab.load(target, slow, { context: { signal: controller.signal } }));
    const indexing =
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%INDEX slow%' AND pid <> pg_backend_pid()";
    while ((await lab.sql(target, indexing)) === '0\n') await sleep(20);
    const reason = new Error('stop');
    controller.abort(reason);
    expect(await loading).toBe(reason);
    expect(
      await lab.sql(target, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'cofre%'"),
    ).toBe('0\n');
    expect(await lab.dump(target)).toBe(before);
  });

  test('says of which statement and line the server does not take something', async () => {
    const target = await occupied();
    const wrong = dump.replace(/^100\tCaf/m, '100x\tCaf');
    const line = dump.slice(0, dump.indexOf('COPY public.items')).split('\n').length;
    expect(await failureOf(lab.load(target, wrong))).toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringMatching(new RegExp(`line ${line} of the dump: .*"100x"`)),
      hint: expect.stringContaining('COPY public.items'),
    });
    const noType = dump.replace('name text', 'name texte');
    expect(await failureOf(lab.load(target, noType))).toMatchObject({
      code: 'BACKUP_DAMAGED',
      hint: expect.stringContaining('CREATE TABLE public.items'),
    });
  });

  test('an error of the store that looks like one of the network is the store’s', async () => {
    const failure = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    async function* frames() {
      yield { section: 'data' as const, rows: 0, bytes: Buffer.from(dump.slice(0, 2_000)) };
      throw failure;
    }
    const loading = load(await occupied(), { frames: frames() }, contextOf(), { lockWaitMs: 1_000, jobs: 1 });
    expect(await failureOf(loading)).toBe(failure);
  });

  test('a connection that is lost while the store is silent ends it, target as before', async () => {
    const target = await occupied();
    const before = await lab.dump(target);
    await using proxy = await cuttingProxy(lab.server.port);
    async function* frames() {
      yield { section: 'data' as const, rows: 0, bytes: Buffer.from(dump.slice(0, dump.length / 2)) };
      setTimeout(() => proxy.cut(), 200);
      await new Promise(() => {}); // for ever
    }
    const url = through(target, proxy.port);
    const loading = load(url, { frames: frames() }, contextOf(), { lockWaitMs: 1_000, jobs: 1 });
    expect(await failureOf(loading)).toMatchObject({ code: 'TARGET_INVALID' });
    expect(await lab.dump(target)).toBe(before);
  });

  test('a connection lost amid COMMIT: done when the server has done it, else an error (2 cases)', async () => {
    for (const isHeard of [true, false]) {
      const target = await occupied();
      const before = await lab.dump(target);
      await using proxy = await forgetfulProxy(lab.server.port, 'COMMIT\0', isHeard);
      const loading = lab.load(through(target, proxy.port), dump);
      if (isHeard) expect((await loading).rows).toBe(20_000);
      else
        expect(await failureOf(loading)).toMatchObject({
          code: 'TARGET_INVALID',
          message: expect.stringContaining('rolled back'),
        });
      expect(proxy.cuts).toBe(1);
      expect(await lab.dump(target)).toBe(isHeard ? dump : before);
    }
  });

  test('a database that is read-only by default is written to all the same', async () => {
    const target = await lab.make();
    await lab.sql(
      target,
      `ALTER DATABASE ${new URL(target).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    await lab.load(target, dump);
    expect(await lab.dump(target)).toBe(dump);
  });
});
