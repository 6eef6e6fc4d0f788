import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawFrame } from '../../../../lib/engines/engine.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';
import { dumped } from '../../../support/mysql/dumping.ts';
import { checksums } from '../../../support/mysql/judged.ts';
import { loadSample } from '../../../support/mysql/samples.ts';

const MIB = 1024 * 1024;

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor);
  });
  afterAll(() => server?.stop());

  test('frames are structure, whole INSERTs of one table each, structure; a row is a line', async () => {
    const { frames, summary } = await dumped(await loadSample(server, 'wide'));
    const sections = frames.map(({ section }) => section);
    expect(sections).toEqual([
      'pre-data',
      ...Array.from({ length: frames.length - 2 }, () => 'data'),
      'post-data',
    ]);
    const data = frames.slice(1, -1);
    for (const frame of data) expectInserts(frame);
    for (const { name, rows } of summary.tables) {
      expect(data.filter(({ table }) => table === name).reduce((sum, it) => sum + it.rows, 0)).toBe(rows);
    }
    const many = data.filter(({ table }) => table === 'many');
    expect(many.length).toBeGreaterThan(2);
    const ids = many.flatMap(({ bytes }) =>
      [
        ...Buffer.from(bytes)
          .toString()
          .matchAll(/^\((\d+),/gm),
      ].map(Number0),
    );
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const end = Buffer.from(frames.at(-1)!.bytes).toString();
    const rows = summary.tables.reduce((sum, table) => sum + table.rows, 0);
    expect(end).toMatch(new RegExp(`\n-- Cofre: ${summary.tables.length} tables, ${rows} rows\n$`));
  });

  test('a row that no statement can hold is refused with its key; one that fits is not', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE fits (id INT PRIMARY KEY, b LONGBLOB); CREATE TABLE large (k VARCHAR(20), n INT, b LONGBLOB, PRIMARY KEY (k, n));
       INSERT INTO fits VALUES (1, REPEAT('x', 3000000)); INSERT INTO large VALUES ('small', 1, ''), ('it''s', 7, REPEAT('''', 3000000))`,
    );
    await server.sql('', 'SET GLOBAL max_allowed_packet = 4 * 1024 * 1024');
    try {
      await expect(dumped(url)).rejects.toMatchObject({
        code: 'SOURCE_INVALID',
        message: expect.stringMatching(
          /^A row of large cannot be restored: its INSERT takes 600\d{4} bytes, and max_allowed_packet is 4194304 \(k = 'it\\'s', n = 7\)\.$/,
        ),
        hint: expect.stringContaining('max_allowed_packet'),
      });
      await server.tools.run(url, 'DELETE FROM large WHERE n = 7');
      const { text } = await dumped(url);
      const target = await server.createDatabase();
      await server.tools.run(target, text);
      expect(await checksums(server, target)).toEqual(await checksums(server, url));
    } finally {
      await server.sql('', 'SET GLOBAL max_allowed_packet = 64 * 1024 * 1024');
    }
  });

  test('statements are within max_allowed_packet, however small it is', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(900)); INSERT INTO t (s) VALUES (REPEAT('x', 900)), (REPEAT('é', 400)), ('');
       ${'INSERT INTO t (s) SELECT s FROM t; '.repeat(6)}`,
    );
    await server.sql('', 'SET GLOBAL max_allowed_packet = 2048');
    try {
      const { text } = await dumped(url);
      const statements = text
        .toString()
        .split(/;\n/)
        .filter((it) => it.startsWith('INSERT'));
      expect(statements.length).toBeGreaterThan(60);
      expect(Math.max(...statements.map((it) => Buffer.byteLength(it)))).toBeLessThan(2048);
    } finally {
      await server.sql('', 'SET GLOBAL max_allowed_packet = 64 * 1024 * 1024');
    }
  });

  test('a table that the server cannot open fails the dump', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE a (id INT) ENGINE = MyISAM; CREATE TABLE b (id INT, n INT) ENGINE = MyISAM;
       CREATE TABLE both_of (id INT) ENGINE = MERGE UNION (a, b)`,
    );
    await expect(dumped(url)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(/able .*cannot be opened: Unable to open underlying table/),
      hint: expect.stringContaining('CHECK TABLE'),
    });
  });

  test('what only mysql makes of itself is told: a broken view, an event with two semicolons', async () => {
    const url = await server.createDatabase();
    await server.tools.run(
      url,
      `CREATE TABLE gone (a INT); CREATE TABLE t (a INT); CREATE VIEW broken AS SELECT a FROM gone; CREATE VIEW on_it AS SELECT a FROM broken;
       CREATE VIEW sound AS SELECT a FROM t; DROP TABLE gone;
       CREATE EVENT semicolons ON SCHEDULE AT '2037-06-06 06:06:06' DO INSERT INTO t VALUES (LENGTH('a;;b'));`,
    );
    const { text, summary } = await dumped(url);
    expect(summary.warnings).toEqual([
      expect.stringMatching(/^The view broken does not work \(.*gone.*\), so a restore cannot make it/),
      expect.stringMatching(/^The view on_it does not work/),
    ]);
    const target = await server.createDatabase();
    await server.tools.run(target, text);
    const events = await server.tools.run(
      target,
      'SELECT EVENT_DEFINITION FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()',
    );
    expect(events).toBe("INSERT INTO t VALUES (LENGTH('a;;b'))\n");
    expect(
      await server.tools.run(
        target,
        'SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()',
      ),
    ).toBe('sound\n');
  });

  test('an empty database is a dump like any other', async () => {
    const { frames, summary, text } = await dumped(
      await server.createDatabase(undefined, 'CHARACTER SET latin2'),
    );
    expect(summary).toMatchObject({ tables: [], warnings: [], details: { flavor, characterSet: 'latin2' } });
    expect(frames).toHaveLength(2);
    const target = await server.createDatabase();
    await server.tools.run(target, text);
    expect(await server.tools.run(target, 'SELECT @@character_set_database')).toBe('latin2\n');
  });

  test('a script puts every setting of its session back', async () => {
    const { text } = await dumped(await loadSample(server, 'beyond'));
    const settings = [
      'character_set_client',
      'character_set_results',
      'collation_connection',
      'time_zone',
      'sql_mode',
      'sql_notes',
      'unique_checks',
      'foreign_key_checks',
    ];
    const look = `SELECT ${settings.map((name) => `@@${name}`).join(', ')};\n`;
    const begin = "SET NAMES latin2, time_zone = '+03:00', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';\n";
    const script = Buffer.concat([Buffer.from(`${begin}${look}`), text, Buffer.from(look)]);
    const lines = (await server.tools.run(await server.createDatabase(), script)).trimEnd().split('\n');
    expect(lines.at(-1)).toBe(lines[0]);
    expect(lines[0]).toContain('+03:00');
  });
});

const Number0 = ([, id]: RegExpMatchArray) => Number(id);

function expectInserts({ table, rows, bytes }: RawFrame): void {
  const text = Buffer.from(bytes).toString('latin1');
  const statements = text.split(/(?<=;\n)/);
  let count = 0;
  for (const statement of statements) {
    const [first, ...lines] = statement.trimEnd().split('\n');
    expect(first).toMatch(new RegExp(`^INSERT INTO \`${table}\` \\(.*\\) VALUES$`));
    expect(
      lines.every((line, n) => line.startsWith('(') && line.endsWith(n === lines.length - 1 ? ');' : '),')),
    ).toBe(true);
    expect(statement.length <= MIB || lines.length === 1).toBe(true);
    count += lines.length;
  }
  expect(count).toBe(rows);
  expect(bytes.length <= 2 * MIB || statements.length === 1).toBe(true);
}
