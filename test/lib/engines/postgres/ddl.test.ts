import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOfDump } from '../../../../lib/engines/postgres/pg-dump/end.ts';
import { startPgDump } from '../../../../lib/engines/postgres/pg-dump/relay.ts';
import { type DdlOptions, writeDdl } from '../../../../lib/engines/postgres/pg-dump/write-ddl.ts';
import { openSession, type PgSession } from '../../../../lib/engines/postgres/wire/connect.ts';
import { parseUrl } from '../../../../lib/engines/postgres/wire/url.ts';
import { type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';
import { type Judge, judge } from '../../../servers/postgres/tools.ts';
import { NASTY } from '../../../support/postgres/nasty-ddl.ts';

let tools: Judge;
let server: PostgresServer;

beforeAll(async () => {
  tools = await judge();
  server = await startPostgres(18);
  await server.sql('postgres', 'CREATE ROLE nora; CREATE ROLE bob');
});
afterAll(() => server?.stop());

/** Two connections to `url`, and what writes its structure in the snapshot of the first over the second. */
async function open(url: string, signal = new AbortController().signal) {
  const opened = new AsyncDisposableStack();
  const connect = async () =>
    opened.use(await openSession(parseUrl(url), { role: 'source', purpose: 'dump', signal }));
  const keeper = await connect();
  await keeper.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await keeper.client.query('SELECT pg_export_snapshot() AS id');
  const session = await connect();
  const write = (options: Partial<DdlOptions> = {}) =>
    writeDdl(session, {
      snapshot: rows[0].id,
      restrictKey: 'judge',
      signal,
      lockWaitMs: 10_000,
      onLocked: () => {},
      ...options,
    });
  return { session, write, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function database(script: string): Promise<string> {
  const url = await server.createDatabase();
  await tools.psql(url, script);
  return url;
}

const SECTIONS = ['--section=pre-data', '--section=post-data'];
const anyVersion = (text: string) => text.replace(/^(-- Dumped by pg_dump version) .*$/m, '$1 x');

async function expectAsNative(url: string, ...args: string[]) {
  await using opened = await open(url);
  const { preData, postData } = await opened.write();
  const ours = Buffer.concat([preData, postData, Buffer.from(endOfDump('judge'))]).toString();
  expect(anyVersion(ours)).toBe(anyVersion(await tools.pgDump(url, ...SECTIONS, ...args)));
  return { preData: String(preData), postData: String(postData) };
}

describe('the structure', () => {
  test('is what native pg_dump writes, names and texts in quotes, newlines and \\restrict included', async () => {
    const { preData, postData } = await expectAsNative(await database(NASTY));
    expect(preData).toContain('\n\\restrict is mine\n\\UNRESTRICT too\n');
    expect(preData).not.toMatch(/CREATE (?:UNIQUE )?INDEX|^GRANT/m);
    expect(postData).toMatch(/^--\n-- Name: .*; Type: CHECK CONSTRAINT; /);
    expect(postData).toContain('REFRESH MATERIALIZED VIEW');
    expect(postData).not.toContain('CREATE TABLE');
  });

  test('waits for each answer, however often it is woken for another one', async () => {
    await using opened = await open(await database(NASTY));
    await using thread = startPgDump();
    const alarm =
      "const f = new Int32Array(require('node:worker_threads').workerData); for (;;) Atomics.notify(f, 0);";
    const waker = new Worker(alarm, { eval: true, workerData: thread.flag });
    try {
      const { preData } = await opened.write({ thread });
      expect(String(preData)).toContain('CREATE TABLE');
    } finally {
      await waker.terminate();
    }
  });

  test('is cut where native pg_dump begins its post-data', async () => {
    const url = await database(NASTY);
    await using opened = await open(url);
    const entries = (text: string) => text.match(/^-- Name: (?!.*; Type: ACL;).*$/gm);
    const { preData, postData } = await opened.write();
    expect(entries(String(preData))).toEqual(entries(await tools.pgDump(url, SECTIONS[0]!)));
    expect(entries(String(postData))).toEqual(entries(await tools.pgDump(url, SECTIONS[1]!)));
  });

  test.each([14, 'debian-15'] as const)(
    'of an older server (%s) sets nothing that it does not know',
    async (version) => {
      const older = await startPostgres(version);
      try {
        await older.sql('postgres', 'CREATE ROLE nora; CREATE ROLE bob');
        const url = await older.createDatabase();
        await tools.psql(url, NASTY);
        await using opened = await open(url);
        const { preData, postData } = await opened.write();
        const native = await tools.pgDump(url, ...SECTIONS);
        const ours = Buffer.concat([preData, postData, Buffer.from(endOfDump('judge'))]).toString();
        expect(anyVersion(ours)).toBe(anyVersion(native).replace('SET transaction_timeout = 0;\n', ''));
        const copy = await older.createDatabase();
        await tools.psql(copy, ours);
        expect(await tools.pgDump(copy)).toBe(await tools.pgDump(url));
      } finally {
        await older.stop();
      }
    },
  );

  test('lacks subscriptions where the role may not read them, and says so', async () => {
    const url = await database(
      "CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION x WITH (connect = false)",
    );
    await server.createRole('plain', 'IN ROLE pg_read_all_data');
    await using opened = await open(server.url(parseUrl(url).database, 'plain'));
    const { postData, warnings } = await opened.write();
    expect(String(postData)).not.toContain('SUBSCRIPTION');
    expect(warnings).toEqual([expect.stringContaining('1 of ')]);
    await using asSuperuser = await open(url);
    expect((await asSuperuser.write()).warnings).toEqual([]);
  });

  test('of an empty database is a head and nothing', async () => {
    const { postData } = await expectAsNative(await server.createDatabase());
    expect(postData).toBe('');
  });

  test('has no \\restrict without a key, and restores', async () => {
    await using opened = await open(await database(NASTY));
    const { preData, postData } = await opened.write({ restrictKey: undefined });
    expect(String(preData)).toMatch(
      /^--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 18/,
    );
    await tools.psql(await server.createDatabase(), Buffer.concat([preData, postData]));
  });

  test('may be in no encoding at all', async () => {
    const name = 'without encoding';
    await server.sql(
      'postgres',
      `CREATE DATABASE "${name}" TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'`,
    );
    await tools.psql(
      server.url(name),
      "SET client_encoding = SQL_ASCII; CREATE TABLE t (); DO $$ BEGIN EXECUTE 'COMMENT ON TABLE t IS ''caf' || convert_from('\\xe9', 'SQL_ASCII') || ''''; END $$",
    );
    await using opened = await open(server.url(name));
    const { preData } = await opened.write({ encoding: 'SQL_ASCII' });
    expect(Buffer.from(preData).includes(Buffer.from([0x66, 0xe9, 0x27]))).toBe(true);
  });

  test('of many tables, in whole queries and answers of some hundred kilobytes', async () => {
    await expectAsNative(
      await database(
        "DO $$ BEGIN FOR i IN 1..400 LOOP EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, ä text)', 'täble with a long name so that locks need much text ' || i); END LOOP; END $$",
      ),
    );
  });
});

describe('locks', () => {
  test('are held from onLocked until the session is closed', async () => {
    const url = await database('CREATE TABLE a (); CREATE TABLE b ()');
    await using opened = await open(url);
    let whenLocked: Promise<string> | undefined;
    const held = `SELECT count(*) FROM pg_locks WHERE mode = 'AccessShareLock' AND granted
      AND relation IN ('a'::regclass, 'b'::regclass)`;
    const onLocked = () => {
      whenLocked = tools.psql(url, held);
    };
    await opened.write({ onLocked });
    expect(await whenLocked).toBe('2\n');
    expect(await tools.psql(url, held)).toBe('2\n');
    await opened.session.close();
    expect(await tools.psql(url, held)).toBe('0\n');
  });

  test('that others hold are waited for, not for ever, and named', async () => {
    const url = await database('CREATE TABLE a ()');
    await using other = await open(url);
    const { client, backend } = other.session;
    await client.query('BEGIN; LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE');
    await using opened = await open(url);
    await expect(opened.write({ lockWaitMs: 1_000 })).rejects.toMatchObject({
      code: 'SOURCE_BUSY',
      message: expect.stringContaining(
        `public.a is locked by session ${backend} (user postgres, "cofre dump`,
      ),
    });
  });
});

describe('a failure', () => {
  test('of the server is told with its reason', async () => {
    await server.createRole('weak');
    const url = await database('CREATE TABLE secret ()');
    const weak = server.url(parseUrl(url).database, 'weak');
    await using opened = await open(weak);
    await expect(opened.write()).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('permission denied for table secret'),
    });
  });

  test('of pg_dump is told in its words', async () => {
    await using opened = await open(await database(''));
    await expect(opened.write({ encoding: 'KLINGON' })).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('KLINGON'),
    });
  });

  test('while pg_dump waits ends it: the server’s end, or the signal', async () => {
    const url = await database('CREATE TABLE a ()');
    await using other = await open(url);
    await other.session.client.query('BEGIN; LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE');
    const ways: [(session: PgSession, stop: AbortController) => unknown, object][] = [
      [
        ({ backend }) => tools.psql(url, `SELECT pg_terminate_backend(${backend})`),
        { code: 'SOURCE_FAILED', message: expect.stringContaining('terminating connection') },
      ],
      [({ client }) => client.connection.stream.destroy(), { code: 'SOURCE_FAILED' }],
      [(_, stop) => stop.abort(new Error('enough')), { message: 'enough' }],
    ];
    for (const [end, error] of ways) {
      const stop = new AbortController();
      await using opened = await open(url, stop.signal);
      const failure = expect(opened.write({ signal: stop.signal, lockWaitMs: 30_000 })).rejects.toMatchObject(
        error,
      );
      await waiting(url, opened.session);
      await end(opened.session, stop);
      await failure;
    }
  });
});

async function waiting(url: string, { backend }: PgSession): Promise<void> {
  while ((await tools.psql(url, `SELECT pg_blocking_pids(${backend})`)) === '{}\n') await sleep(20);
}
