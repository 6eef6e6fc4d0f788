import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../../contracts/engine/harness.ts';
import { type LoadLab, openLoadLab } from '../../../support/postgres/load-lab.ts';

describe('waiting for locks', () => {
  let lab: LoadLab;
  let dump: string;
  beforeAll(async () => {
    lab = await openLoadLab(16);
    dump = await lab.dump(await lab.make('CREATE TABLE fresh (a int); INSERT INTO fresh VALUES (1)'));
  });
  afterAll(() => lab?.server.stop());

  /** A session of somebody else, in a transaction that holds what `sql` locks. */
  async function holding(url: string, sql: string, name = 'the shop') {
    const client = new Client({ connectionString: url, application_name: name });
    client.on('error', () => {});
    await client.connect();
    await client.query(`BEGIN; ${sql}`);
    return client;
  }

  const OBJECTS = `
    CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE TABLE c (x int);
    CREATE MATERIALIZED VIEW m AS SELECT x FROM a; CREATE SEQUENCE s`;

  test('a session that is in the way is named, with what it does and for how long', async () => {
    const target = await lab.make(OBJECTS);
    const before = await lab.dump(target);
    const other = await holding(target, 'SELECT * FROM b');
    const failure = await failureOf(lab.load(target, dump));
    await other.end();
    expect(failure).toMatchObject({
      code: 'TARGET_BUSY',
      message: expect.stringMatching(/session \d+ \(user \w+, "the shop"\), idle in transaction for \d+ s/),
      hint: expect.stringContaining('--terminate-connections'),
    });
    expect(await lab.dump(target)).toBe(before);
  });

  test('the limit is for all locks together, and for what LOCK does not take (2 kinds)', async () => {
    const target = await lab.make(OBJECTS);
    const others = [await holding(target, 'SELECT * FROM a'), await holding(target, 'SELECT * FROM b')];
    // With a limit of its own, the second lock would be waited for until 17 s are over.
    const lockWaitMs = 10_000;
    setTimeout(() => void others[0]!.end(), lockWaitMs * 0.7);
    const began = performance.now();
    expect(await failureOf(lab.load(target, dump, { lockWaitMs }))).toMatchObject({ code: 'TARGET_BUSY' });
    expect(performance.now() - began).toBeLessThan(lockWaitMs * 1.65);
    await others[1]!.end();
    for (const lock of ['SELECT * FROM m', "SELECT nextval('s')"]) {
      const other = await holding(target, lock);
      expect(await failureOf(lab.load(target, dump)), lock).toMatchObject({ code: 'TARGET_BUSY' });
      await other.end();
    }
    await lab.load(target, dump);
    expect(await lab.dump(target)).toBe(dump);
  });

  test('a lock that goes in time is waited for', async () => {
    const target = await lab.make(OBJECTS);
    const other = await holding(target, 'SELECT * FROM b');
    setTimeout(() => void other.end(), 500);
    await lab.load(target, dump, { lockWaitMs: 600_000 });
    expect(await lab.dump(target)).toBe(dump);
  });

  test('told so, it ends the sessions in the way, and no other', async () => {
    const target = await lab.make(OBJECTS);
    const inTheWay = [await holding(target, 'SELECT * FROM a'), await holding(target, 'SELECT * FROM m')];
    const bystander = await holding(target, 'SELECT 1');
    const ended = inTheWay.map((client) => new Promise((resolve) => void client.once('end', resolve)));
    await lab.load(target, dump, { options: { terminateConnections: true }, lockWaitMs: 120_000 });
    await Promise.all(ended);
    expect((await bystander.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await bystander.end();
    expect(await lab.dump(target)).toBe(dump);
  });

  test('a session that may not be ended is said so', async () => {
    await lab.server.createRole('shopkeeper');
    const target = await lab.make();
    const database = new URL(target).pathname.slice(1);
    await lab.sql(target, `ALTER DATABASE ${database} OWNER TO shopkeeper`);
    const own = lab.server.url(database, 'shopkeeper');
    await lab.sql(own, 'CREATE TABLE a (x int)');
    const other = await holding(target, 'SELECT * FROM a');
    const failure = await failureOf(lab.load(own, dump, { options: { terminateConnections: true } }));
    await other.end();
    expect(failure).toMatchObject({
      code: 'TARGET_BUSY',
      hint: expect.stringMatching(/could not be ended: .+/),
    });
  });

  test('a prepared transaction is named as what it is', async () => {
    const target = await lab.make(OBJECTS);
    await lab.sql(target, "BEGIN; INSERT INTO a VALUES (1); PREPARE TRANSACTION 'gone shopping'");
    const failure = await failureOf(lab.load(target, dump));
    await lab.sql(target, "ROLLBACK PREPARED 'gone shopping'");
    expect(failure).toMatchObject({
      code: 'TARGET_BUSY',
      message: expect.stringContaining('pg_prepared_xacts'),
    });
  });

  test('more tables than one transaction can lock: the error says what to raise, and nothing is changed', async () => {
    const small = await openLoadLab(16, { settings: { max_locks_per_transaction: 10, max_connections: 10 } });
    try {
      const target = await small.make();
      const tables = Array.from({ length: 4_000 }, (_, n) => `CREATE TABLE t${n} (a int);`);
      for (let at = 0; at < tables.length; at += 100) {
        await small.sql(target, `BEGIN; ${tables.slice(at, at + 100).join('')} COMMIT`);
      }
      expect(await failureOf(small.load(target, dump))).toMatchObject({
        code: 'TARGET_INVALID',
        hint: expect.stringMatching(/max_locks_per_transaction.*--mode swap/),
      });
      expect(await small.sql(target, "SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]'")).toBe(
        '4000\n',
      );
    } finally {
      await small.server.stop();
    }
  });
});
