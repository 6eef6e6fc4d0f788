import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FLAVORS, type MysqlServer, PASSWORD, startMysql } from '../../../servers/mysql/server.ts';
import { databaseOf, dumped } from '../../../support/mysql/dumping.ts';
import { checksums } from '../../../support/mysql/judged.ts';

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;
  const others: Connection[] = [];

  beforeAll(async () => {
    server = await startMysql(flavor);
    // As on RDS: everything but the right to lock all of the server.
    const rights = ['SELECT', 'INSERT', 'SHOW VIEW', 'TRIGGER', 'EVENT', 'EXECUTE', 'LOCK TABLES'];
    await server.createUser('modest', [`${rights.join(', ')} ON *.*`]);
  });
  afterEach(async () => {
    for (const other of others.splice(0)) other.destroy();
  });
  afterAll(() => server?.stop());

  async function other(url: string): Promise<Connection> {
    const connection = await createConnection({
      port: server.port,
      host: '127.0.0.1',
      user: 'root',
      password: PASSWORD,
      database: databaseOf(url),
    });
    others.push(connection);
    return connection;
  }

  /** Resolves when a session is in such a state, as SHOW PROCESSLIST tells it. */
  async function untilState(state: RegExp): Promise<void> {
    while (!state.test(await server.sql('', 'SHOW PROCESSLIST'))) await sleep(20);
  }

  async function make(script: string): Promise<string> {
    const url = await server.createDatabase();
    await server.tools.run(url, script);
    return url;
  }

  const TWO = `CREATE TABLE a (id INT PRIMARY KEY, s VARCHAR(100)); INSERT INTO a VALUES (1, 'x'), (2, 'y');
    CREATE TABLE b LIKE a; INSERT INTO b SELECT id, REPEAT(s, 50) FROM a;`;
  /** And one that takes a while. */
  const ROWS = `${TWO}
    CREATE TABLE big (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(1000)); INSERT INTO big (s) VALUES (REPEAT('x', 900)), (REPEAT('y', 900));
    ${'INSERT INTO big (s) SELECT s FROM big; '.repeat(12)}`;
  const modest = (url: string) => server.url(databaseOf(url), 'modest');

  test.each(['root', 'modest'])(
    'a table that stays locked is SOURCE_BUSY, and says by whom (%s)',
    async (user) => {
      const url = await make(ROWS);
      const locker = await other(url);
      await locker.query('LOCK TABLES a WRITE');
      const began = Date.now();
      await expect(dumped(server.url(databaseOf(url), user), { lockWaitMs: 2_000 })).rejects.toMatchObject({
        code: 'SOURCE_BUSY',
        hint: expect.stringContaining('lockSeconds'),
      });
      expect(Date.now() - began).toBeGreaterThan(1_800);
      await locker.query('UNLOCK TABLES');
      await dumped(url);
    },
  );

  test('while a lock is waited for, writers go on in between', async () => {
    const url = await make(ROWS);
    const [reader, writer] = [await other(url), await other(url)];
    let isOver = false;
    // Some versions answer a killed SLEEP with a row, others with an error, which may come before it is awaited.
    const reading = reader
      .query('SELECT SLEEP(300) FROM a LIMIT 1')
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    await untilState(/user sleep/i);
    const dumping = dumped(url, { lockWaitMs: 120_000 });
    // Longer than one try to get a lock. A writer behind a lock that is waited for without end would wait for the reader.
    for (const until = Date.now() + 8_000; Date.now() < until; await sleep(20)) {
      await writer.query("UPDATE b SET s = CONCAT('z', id) WHERE id = 1");
      expect(isOver).toBe(false);
    }
    await server.sql('', `KILL QUERY ${reader.threadId}`);
    await reading;
    await dumping;
  });

  test('writers wait only while transactions start, not while rows are read', async () => {
    const url = await make(ROWS);
    const writer = await other(url);
    const { summary } = await dumped(url, {
      onFrame: async (_, count) => {
        if (count > 3) return;
        await writer.query('INSERT INTO big (s) VALUES (?)', [`during ${count}`]);
        await writer.query('DELETE FROM a WHERE id = 2');
      },
    });
    expect(summary.tables).toEqual([
      { name: 'a', rows: 2 },
      { name: 'b', rows: 2 },
      { name: 'big', rows: 8_192 },
    ]);
  });

  test('tables without transactions are held still until they are read, then let go', async () => {
    const url =
      await make(`${ROWS} CREATE TABLE isam (id INT PRIMARY KEY, n INT) ENGINE = MyISAM; INSERT INTO isam VALUES (1, 1), (2, 2);
      CREATE TABLE heap (id INT PRIMARY KEY) ENGINE = MEMORY; INSERT INTO heap VALUES (1)`);
    for (const place of [url, modest(url)]) {
      const writer = await other(url);
      const writes: Promise<unknown>[] = [];
      const { text, summary } = await dumped(place, {
        onFrame: (_, count) => {
          if (count === 1)
            writes.push(
              writer.query('UPDATE isam SET n = n + 1'),
              writer.query('INSERT IGNORE INTO heap VALUES (7)'),
            );
        },
      });
      await Promise.all(writes);
      expect(summary.warnings).toEqual([]);
      expect(text.toString()).toMatch(/INSERT INTO `isam` .*\n\(1,(\d)\),\n\(2,(?!\1)\d\);/);
    }
  });

  const CHANGES: Record<string, string> = {
    'a column more': 'ALTER TABLE a ADD COLUMN extra INT DEFAULT 7',
    'a column less': 'ALTER TABLE a DROP COLUMN s',
    'another type': 'ALTER TABLE a MODIFY s TEXT',
    emptied: 'TRUNCATE TABLE a',
    dropped: 'DROP TABLE a',
    renamed: 'RENAME TABLE a TO z',
    swapped: 'RENAME TABLE a TO tmp, b TO a, tmp TO b',
    replaced:
      'DROP TABLE a; CREATE TABLE a (id INT PRIMARY KEY, s VARCHAR(100)); INSERT INTO a VALUES (9, "new")',
  };

  const outcomeOf = (dumping: Promise<unknown>) =>
    dumping.then(
      () => 'done',
      (error) => error,
    );

  test.each(Object.entries(CHANGES))(
    'a table that is %s once the snapshot is taken fails the dump, or has to wait for its end',
    async (_, change) => {
      const url = await make(TWO);
      const before = await checksums(server, url);
      const changer = await other(url);
      const apply = async () => {
        for (const sql of change.split('; ')) await changer.query(sql);
      };
      let changing: Promise<unknown> = Promise.resolve();
      const outcome = await dumped(url, {
        onOpen: async () => {
          changing = apply();
          // MySQL makes it wait (LOCK INSTANCE FOR BACKUP).
          await Promise.race([changing, untilState(/waiting for backup lock/i)]);
        },
      }).catch((error) => error);
      await changing;
      if (flavor === 'mariadb') {
        const hint = expect.stringContaining('nobody alters tables');
        expect(outcome).toMatchObject({ code: 'SOURCE_BUSY', hint });
        return;
      }
      // LOCK INSTANCE FOR BACKUP.
      const copy = await server.createDatabase();
      await server.tools.run(copy, outcome.text);
      expect(await checksums(server, copy)).toEqual(before);
    },
  );

  if (flavor === 'mysql') {
    test.each(Object.entries(CHANGES))(
      'a table that is %s once the snapshot is taken fails the dump of who may not keep structures',
      async (_, change) => {
        const url = await make(TWO);
        // Two tables made in the same second cannot be told apart by it.
        await sleep(1_100);
        const changer = await other(url);
        await changer.query('ALTER TABLE b ENGINE = InnoDB');
        const dumping = dumped(modest(url), {
          onOpen: async () => {
            for (const sql of change.split('; ')) await changer.query(sql);
          },
        });
        expect(await outcomeOf(dumping)).toMatchObject({ code: 'SOURCE_BUSY' });
      },
    );
  }

  test('a table that is made while the dump runs is not in it, and does no harm', async () => {
    const url = await make(ROWS);
    const maker = await other(url);
    const { summary } = await dumped(modest(url), {
      onFrame: async (_, count) => {
        if (count === 2) await maker.query('CREATE TABLE later (id INT)');
      },
    });
    expect(summary.tables.map(({ name }) => name)).toEqual(['a', 'b', 'big']);
  });

  test('a transaction that began before, and one that is prepared, are not in the dump, and do not hinder it', async () => {
    const url = await make(ROWS);
    const [open, prepared] = [await other(url), await other(url)];
    await open.query('START TRANSACTION');
    await open.query("INSERT INTO a VALUES (10, 'open')");
    await prepared.query("XA START 'x'");
    await prepared.query("INSERT INTO a VALUES (11, 'prepared')");
    await prepared.query("XA END 'x'");
    await prepared.query("XA PREPARE 'x'");
    const { summary } = await dumped(url);
    expect(summary.tables[0]).toEqual({ name: 'a', rows: 2 });
    await prepared.query("XA ROLLBACK 'x'");
  });

  test('whoever alters a table that was read already need not wait (without the right to keep structures)', async () => {
    const url = await make(ROWS);
    const changer = await other(url);
    let waited = Number.POSITIVE_INFINITY;
    await dumped(modest(url), {
      jobs: 1,
      onFrame: async (frame) => {
        if (frame.table !== 'a' && frame.table !== 'b') return;
        await sleep(50);
        const began = Date.now();
        await changer.query('ALTER TABLE big COMMENT = "changed"');
        waited = Date.now() - began;
      },
    }).catch((error) => expect(error).toMatchObject({ code: 'SOURCE_BUSY' }));
    expect(waited).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});
