import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLAVORS, type Flavor } from '../../../servers/mysql/server.ts';
import { databaseOf, dumped } from '../../../support/mysql/dumping.ts';
import { seenByMysqldump } from '../../../support/mysql/judged.ts';
import { little } from '../../../support/mysql/little.ts';
import { type LoadLab, loadDumped, loadText, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { loadSample } from '../../../support/mysql/samples.ts';
import { messageOf } from '../codes.ts';

/** Each server has the other's dumps. */
const OTHER: Readonly<Record<Flavor, Flavor>> = { mysql: 'mariadb', mariadb: 'mysql' };
const COMMON = 'ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;';

describe('from MySQL to MariaDB and back', () => {
  const labs = {} as Record<Flavor, LoadLab>;

  beforeAll(async () => {
    for (const flavor of FLAVORS) labs[flavor] = await openLoadLab(flavor);
  });
  afterAll(async () => {
    for (const lab of Object.values(labs)) await lab.server.stop();
  });

  test.for(FLAVORS)('what both have goes from %s to the other', async (flavor) => {
    const [from, to] = [labs[flavor], labs[OTHER[flavor]]];
    const source = await from.make(`${COMMON} ${little('a')}`);
    const target = await to.make(little('b'));
    const result = await loadDumped(target, await dumped(source));
    expect(result.tables).toEqual([
      { name: 'children', rows: 2 },
      { name: 'log', rows: 0 },
      { name: 'only_a', rows: 0 },
      { name: 'parents', rows: 3 },
    ]);
    const rows = 'SELECT * FROM parents; SELECT * FROM seen; SELECT * FROM seen_twice; CALL say()';
    expect(await to.sql(target, rows)).toBe(await from.sql(source, rows));
    await expect(to.sql(target, 'INSERT INTO children VALUES (3, 99)')).rejects.toThrow(
      'foreign key constraint',
    );
  });

  const MISSING: Record<Flavor, Record<string, readonly [sql: string, what: RegExp]>> = {
    mysql: {
      'a collation': [
        'CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_0900_ai_ci)',
        /the collation utf8mb4_0900_ai_ci/,
      ],
      'an index on an expression': ['CREATE TABLE t (a INT, KEY k ((a + 1)))', /indexes on expressions/],
      'a check that is not enforced': [
        'CREATE TABLE t (a INT, CHECK (a > 0) NOT ENFORCED)',
        /checks that are not enforced/,
      ],
      'a type': ['CREATE TABLE t (a GEOMETRYCOLLECTION)', /GEOMCOLLECTION/],
    },
    mariadb: {
      'a sequence': [
        'CREATE SEQUENCE s; CREATE TABLE t (a INT DEFAULT NEXTVAL(s))',
        /sequences, defaults from sequences/,
      ],
      'system versioning': ['CREATE TABLE t (a INT) WITH SYSTEM VERSIONING', /system-versioned/],
      'a type': ['CREATE TABLE t (a UUID, b INET6 NOT NULL)', /UUID/],
      'an engine': ['CREATE TABLE t (a INT) ENGINE = Aria', /the engine ARIA/],
      'a collation': [
        'CREATE TABLE t (a VARCHAR(10) COLLATE uca1400_as_ci) CHARACTER SET utf8mb4',
        /the collation \w*uca1400_as_ci/,
      ],
    },
  };

  describe.each(FLAVORS)('only %s has', (flavor) => {
    test.for(Object.entries(MISSING[flavor]))(
      '%s: refused by name, before anything is read of the rows',
      async ([, [sql, what]]) => {
        const [from, to] = [labs[flavor], labs[OTHER[flavor]]];
        const dump = await dumped(await from.make(`${COMMON} ${sql}`));
        const target = await to.make(little('b'));
        const before = await seenByMysqldump(to.server, target);
        for (const load of [() => loadDumped(target, dump), () => loadText(target, dump.text)]) {
          const message = await messageOf(load);
          expect(message).toMatch(/^RESTORE_REFUSED: .* does not have what the dump's tables need: /);
          expect(message).toMatch(what);
        }
        expect(await seenByMysqldump(to.server, target)).toBe(before);
        expect(await to.leftovers()).toEqual([]);
      },
    );
  });

  test('a server refuses nothing that it has itself', async () => {
    for (const flavor of FLAVORS) {
      const lab = labs[flavor];
      const all = Object.entries(MISSING[flavor]).map(([, [sql]], n) => sql.replaceAll(/\bt\b/g, `t${n}`));
      const dump = await dumped(await lab.make(`${COMMON} ${all.join('; ')}`));
      expect((await loadDumped(lab.reserve(), dump)).tables).toHaveLength(all.length);
    }
  });

  test('a view or routine that the other server does not understand: refused at the end, target as before', async () => {
    const [from, to] = [labs.mysql, labs.mariadb];
    const dump = await dumped(
      await from.make(`${COMMON} CREATE VIEW v AS SELECT BIN_TO_UUID(UUID_TO_BIN(UUID())) AS u`),
    );
    const target = await to.make(little('b'));
    const before = await seenByMysqldump(to.server, target);
    expect(await messageOf(() => loadDumped(target, dump))).toMatch(/^RESTORE_REFUSED: .*FUNCTION .*UUID/i);
    expect(await seenByMysqldump(to.server, target)).toBe(before);
  });

  test('a file of mysqldump goes to MariaDB, one of mariadb-dump to MySQL', async () => {
    for (const flavor of FLAVORS) {
      const [from, to] = [labs[flavor], labs[OTHER[flavor]]];
      const source = await from.make(`${COMMON} ${little('a')}`);
      const file = await from.server.tools.dump(
        source,
        '--routines',
        '--triggers',
        '--events',
        '--databases',
        databaseOf(source),
      );
      const target = await loadSample(to.server, 'occupied');
      await loadText(target, file);
      expect(await to.sql(target, 'SELECT name FROM parents; CALL say()')).toBe('a0\na1\na2\na\n');
    }
  });
});
