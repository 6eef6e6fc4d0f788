import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawFrame, TablesInput, TablesOptions, TablesResult } from '../../../../lib/engines/engine.ts';
import { loadTables } from '../../../../lib/engines/mysql/load-tables.ts';
import { contextOf, replay } from '../../../contracts/engine/harness.ts';
import { FLAVORS, PASSWORD } from '../../../servers/mysql/server.ts';
import { type Dumped, dumped } from '../../../support/mysql/dumping.ts';
import { seenByMysqldump } from '../../../support/mysql/judged.ts';
import { little } from '../../../support/mysql/little.ts';
import { LOCK_MS, type LoadLab, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { messageOf } from '../codes.ts';

const AT = new Date('2026-11-24T10:11:12Z');

describe.each(FLAVORS)('%s', (flavor) => {
  let lab: LoadLab;
  let backup: Dumped;
  const seen = (url: string) => seenByMysqldump(lab.server, url);

  beforeAll(async () => {
    lab = await openLoadLab(flavor);
    const odd = `
      CREATE TABLE \`odd "name"\` (id INT PRIMARY KEY, g INT AS (id * 2) VIRTUAL, b BLOB, CONSTRAINT odd_check CHECK (id < 1000));
      INSERT INTO \`odd "name"\` (id, b) VALUES (1, 0x00FF27), (2, NULL);
      CREATE TABLE still (id INT) ENGINE = MyISAM; INSERT INTO still VALUES (1);
      CREATE TABLE cousins (a INT, b INT, PRIMARY KEY (a, b), CONSTRAINT of_child FOREIGN KEY (a) REFERENCES children (id));`;
    backup = await dumped(await lab.make(`${little('b', 5)}${odd}`));
  });
  afterAll(() => lab?.server.stop());

  function inputOf(
    { frames, summary }: Dumped,
    tables: readonly string[],
    change = (it: readonly RawFrame[]) => it,
  ): TablesInput {
    const asked = change(frames);
    return {
      tables,
      known: summary.tables,
      details: summary.details,
      read: (section, wanted) =>
        replay(asked.filter((it) => it.section === section && (!wanted || wanted.includes(it.table ?? '')))),
    };
  }

  function restore(
    url: string,
    tables: readonly string[],
    options: Partial<TablesOptions> = {},
    input = inputOf(backup, tables),
  ): Promise<TablesResult> {
    const clock = { ...contextOf().clock, now: () => AT };
    return loadTables(
      url,
      input,
      contextOf({ clock }),
      { replace: false, ...options },
      { lockWaitMs: LOCK_MS, jobs: 2 },
    );
  }

  describe('beside', () => {
    test('tables come back under new names, with rows and keys, and nothing live is touched', async () => {
      const url = await lab.make(little('a'));
      const before = await seen(url);
      const result = await restore(url, ['parents', 'odd "name"']);
      expect(result).toEqual({
        tables: [
          { name: 'odd "name"', rows: 2, restoredAs: 'odd "name"_restored_20261124_101112' },
          { name: 'parents', rows: 5, restoredAs: 'parents_restored_20261124_101112' },
        ],
        rows: 7,
        warnings: [],
      });
      expect(await lab.sql(url, 'SELECT * FROM parents_restored_20261124_101112')).toBe(
        '1\tb0\n2\tb1\n3\tb2\n4\tb3\n5\tb4\n',
      );
      expect(await lab.sql(url, 'SELECT id, g, HEX(b) FROM `odd "name"_restored_20261124_101112`')).toBe(
        '1\t2\t00FF27\n2\t4\tNULL\n',
      );
      expect(await lab.sql(url, 'SHOW CREATE TABLE parents_restored_20261124_101112')).toContain(
        'KEY `name` (`name`)',
      );
      await lab.sql(
        url,
        'DROP TABLE parents_restored_20261124_101112, `odd "name"_restored_20261124_101112`',
      );
      expect(await seen(url)).toBe(before);
      expect(await lab.leftovers()).toEqual([]);
    });

    test('a table that refers to others, twice in a second', async () => {
      const url = await lab.make(little('a'));
      const names = [await restore(url, ['children']), await restore(url, ['children'])].map(
        ({ tables }) => tables[0]!.restoredAs,
      );
      expect(names).toEqual(['children_restored_20261124_101112', 'children_restored_20261124_101112_2']);
      const texts = await lab.sql(url, names.map((name) => `SHOW CREATE TABLE ${name}`).join(';'));
      expect(texts).not.toContain('FOREIGN KEY');
      expect(texts.match(/CHECK/g)).toHaveLength(2);
    });

    test('into a database where the table is gone', async () => {
      const url = await lab.make();
      expect((await restore(url, ['still'])).rows).toBe(1);
    });

    test('rows that are missing: damaged, and nothing is left', async () => {
      const url = await lab.make(little('a'));
      const before = await seen(url);
      const cut = inputOf(backup, ['parents'], (frames) => frames.filter(({ table }) => table !== 'parents'));
      expect(await messageOf(() => restore(url, ['parents'], {}, cut))).toBe(
        'BACKUP_DAMAGED: The backup has no rows of parents instead of 5.',
      );
      expect(await seen(url)).toBe(before);
      expect(await lab.leftovers()).toEqual([]);
    });
  });

  describe('replace', () => {
    test('the rows of the live tables are those of the backup; triggers and all else are as they were, and were not set off', async () => {
      const url = await lab.make(little('a'));
      const structure = async () =>
        (await seen(url)).replaceAll(/^INSERT INTO.*\n/gm, '').replaceAll(/ AUTO_INCREMENT=\d+/g, '');
      const before = await structure();
      const result = await restore(url, ['parents'], { replace: true });
      expect(result.tables).toEqual([{ name: 'parents', rows: 5, restoredAs: 'parents' }]);
      expect(await structure()).toBe(before);
      expect(await lab.sql(url, 'SELECT name FROM parents; SELECT COUNT(*) FROM log')).toBe(
        'b0\nb1\nb2\nb3\nb4\n0\n',
      );
      await lab.sql(url, "INSERT INTO parents (name) VALUES ('x')");
      expect(await lab.sql(url, 'SELECT name FROM parents WHERE id > 5; SELECT message FROM log')).toBe(
        'xa\na\n',
      );
      expect(await lab.leftovers()).toEqual([]);
    });

    test('several at once, which refer to each other', async () => {
      const url = await lab.make(
        `${little('a')} INSERT INTO parents VALUES (90, 'x'); INSERT INTO children VALUES (90, 90);`,
      );
      await restore(url, ['parents', 'children'], { replace: true });
      expect(await lab.sql(url, 'SELECT * FROM children')).toBe('1\t1\n2\t2\n');
    });

    test.for([
      [
        'parents',
        'INSERT INTO parents VALUES (90, 1); INSERT INTO children VALUES (3, 90)',
        /1 rows of children would refer to rows of parents/,
      ],
      [
        'children',
        'DELETE FROM children; DELETE FROM parents',
        /2 rows of children would refer to rows of parents/,
      ],
      [
        'children',
        'DELETE FROM children; ALTER TABLE children DROP CHECK positive; ALTER TABLE children ADD CONSTRAINT positive CHECK (id > 1)',
        /do not fit the live table/,
      ],
      [
        'parents',
        'DROP VIEW seen_twice, seen; ALTER TABLE parents DROP COLUMN name',
        /has no columns name any more/,
      ],
      ['only_b', 'SELECT 1', /There is no table only_b/],
      ['still', 'CREATE TABLE still (id INT) ENGINE = MyISAM', /of the engine MyISAM/],
      ['log', 'DROP TABLE log; CREATE VIEW log AS SELECT 1 AS n', /log is a view table now/],
    ] as const)('%s after %s: refused, nothing was changed', async ([table, change, why]) => {
      const sql = flavor === 'mariadb' ? change.replace('DROP CHECK', 'DROP CONSTRAINT') : change;
      const url = await lab.make(`${little('a')} DROP TRIGGER named; ${sql}`);
      const before = await seen(url);
      const message = await messageOf(() => restore(url, [table], { replace: true }));
      expect(message).toMatch(/^RESTORE_REFUSED: /);
      expect(message).toMatch(why);
      expect(await seen(url)).toBe(before);
      expect(await lab.leftovers()).toEqual([]);
    });

    test('while somebody uses the table: TARGET_BUSY, nothing was changed', async () => {
      const url = await lab.make(little('a'));
      const before = await seen(url);
      const { port, pathname } = new URL(url);
      const holder = await createConnection({
        host: '127.0.0.1',
        port: Number(port),
        user: 'root',
        password: PASSWORD,
        database: pathname.slice(1),
      });
      await holder.query('BEGIN');
      await holder.query('SELECT * FROM parents');
      expect(await messageOf(() => restore(url, ['parents'], { replace: true }))).toMatch(
        new RegExp(`^TARGET_BUSY: .* session ${holder.threadId} `),
      );
      await holder.end();
      expect(await seen(url)).toBe(before);
      expect(await lab.leftovers()).toEqual([]);
    });
  });
});
