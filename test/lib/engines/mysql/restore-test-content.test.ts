import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../../../lib/engines/content/compare.ts';
import { FLAVORS, type Flavor } from '../../../servers/mysql/server.ts';
import { contentOf } from '../../../support/mysql/content-of.ts';
import { type Dumped, dumped } from '../../../support/mysql/dumping.ts';
import { little } from '../../../support/mysql/little.ts';
import { type LoadLab, loadDumped, openLoadLab } from '../../../support/mysql/load-lab.ts';

/** Beside `little`, something of each kind that it lacks. */
const MORE = `
  CREATE TABLE more (id INT PRIMARY KEY AUTO_INCREMENT, a INT NOT NULL DEFAULT 7, b VARBINARY(20), UNIQUE KEY by_a (a), KEY by_b (b), KEY by_both (b, a));
  INSERT INTO more (a, b) VALUES (1, x'00ff'), (2, 'two'), (3, 'three');
  CREATE TABLE \`odd
    , ) KEY name\` (\`a
    , b\` INT COMMENT ') ENGINE, KEY', KEY \`k,
    (\` (\`a
    , b\`));
  INSERT INTO log VALUES (1, 'a'), (2, 'b');
  CREATE TABLE counted (id INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(9)) AUTO_INCREMENT = 50;
  CREATE TRIGGER second BEFORE INSERT ON parents FOR EACH ROW SET NEW.name = LOWER(NEW.name);
`;

const OWN: Readonly<Record<Flavor, string>> = {
  mysql: 'ANALYZE TABLE more UPDATE HISTOGRAM ON b WITH 4 BUCKETS;',
  mariadb: 'CREATE SEQUENCE numbers START WITH 5 CACHE 10; SELECT NEXTVAL(numbers);',
};

interface Planted {
  /** Run in the copy. */
  readonly sql: string;
  /** Kinds and names. */
  readonly found: readonly string[];
  readonly on?: Flavor;
}

/** What is planted together touches other objects. */
const PLANTED: Readonly<Record<string, readonly Planted[]>> = {
  'rows changed, lost, doubled, counters behind and ahead': [
    { sql: "UPDATE more SET b = x'00fe' WHERE id = 1", found: ['ROWS more'] },
    { sql: 'DELETE FROM children WHERE id = 2', found: ['ROWS children'] },
    { sql: 'INSERT INTO log SELECT * FROM log LIMIT 1', found: ['ROWS log'] },
    { sql: 'INSERT INTO only_a VALUES (1)', found: ['ROWS only_a', 'TABLE only_a'] },
    { sql: 'ALTER TABLE more AUTO_INCREMENT = 100', found: ['AUTO_INCREMENT more'] },
    { sql: 'ALTER TABLE counted AUTO_INCREMENT = 1', found: ['AUTO_INCREMENT counted'] },
    { sql: 'ALTER SEQUENCE numbers RESTART WITH 6', found: ['SEQUENCE numbers'], on: 'mariadb' },
  ],
  'the same values in other rows, tables and views left out': [
    {
      sql: "UPDATE log SET message = IF(message = 'a', 'b', 'a')",
      found: ['ROWS log'],
    },
    { sql: 'DROP TABLE only_a', found: ['INDEX only_a.PRIMARY', 'TABLE only_a', 'ROWS only_a'] },
    { sql: 'DROP VIEW seen_twice', found: ['VIEW seen_twice'] },
    { sql: 'DROP SEQUENCE numbers', found: ['SEQUENCE numbers'], on: 'mariadb' },
    { sql: 'ANALYZE TABLE more DROP HISTOGRAM ON b', found: ['HISTOGRAM more.b'], on: 'mysql' },
  ],
  'indexes and constraints lost and renamed': [
    { sql: 'ALTER TABLE parents DROP KEY name', found: ['INDEX parents.name'] },
    { sql: 'ALTER TABLE only_a DROP PRIMARY KEY', found: ['INDEX only_a.PRIMARY'] },
    {
      sql: `ALTER TABLE children DROP FOREIGN KEY child_of;
        ALTER TABLE children ADD CONSTRAINT other FOREIGN KEY (parent) REFERENCES parents (id), RENAME KEY child_of TO kept;
        ALTER TABLE children RENAME KEY kept TO child_of`,
      found: ['FOREIGN KEY children.child_of', 'FOREIGN KEY children.other'],
    },
    { sql: 'ALTER TABLE children DROP CONSTRAINT positive', found: ['CHECK children.positive'] },
    {
      sql: 'ALTER TABLE more DROP KEY by_b; ALTER TABLE more ADD KEY by_b (b)',
      found: ['INDEX ORDER more'],
    },
    {
      sql: 'ALTER TABLE `odd\n    , ) KEY name` RENAME KEY `k,\n    (` TO k',
      found: ['INDEX odd\n    , ) KEY name.k', 'INDEX odd\n    , ) KEY name.k,\n    ('],
    },
  ],
  'columns and options': [
    { sql: 'ALTER TABLE more ALTER COLUMN a SET DEFAULT 8', found: ['TABLE more'] },
    { sql: 'ALTER TABLE log MODIFY n INT AFTER message', found: ['TABLE log', 'ROWS log'] },
    { sql: 'ALTER TABLE only_a ROW_FORMAT = COMPACT', found: ['TABLE only_a'] },
    { sql: 'ALTER TABLE counted MODIFY t VARCHAR(9) COLLATE latin1_bin', found: ['TABLE counted'] },
  ],
  'views, triggers, routines and events': [
    {
      sql: 'CREATE OR REPLACE VIEW seen_twice AS SELECT twice(id) + 1 AS id FROM seen',
      found: ['VIEW seen_twice'],
    },
    { sql: 'DROP TRIGGER logged', found: ['TRIGGER logged'] },
    {
      sql: 'DROP TRIGGER second; CREATE TRIGGER second BEFORE INSERT ON parents FOR EACH ROW PRECEDES named SET NEW.name = LOWER(NEW.name)',
      found: ['TRIGGER ORDER parents BEFORE INSERT'],
    },
    {
      sql: "SET sql_mode = 'ANSI_QUOTES'; DROP PROCEDURE same; CREATE PROCEDURE same () SELECT 1; SET sql_mode = DEFAULT",
      found: ['PROCEDURE same'],
    },
    {
      sql: "DROP PROCEDURE say; CREATE DEFINER = other@host PROCEDURE say () SELECT 'a'",
      found: ['PROCEDURE say'],
    },
    { sql: 'ALTER EVENT daily DISABLE', found: ['EVENT daily'] },
    {
      sql: "SET time_zone = '+03:00'; ALTER EVENT never ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00'",
      found: ['EVENT never'],
    },
  ],
  'the database itself': [
    {
      sql: 'ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
      found: ['DATABASE character set'],
    },
    { sql: "ALTER DATABASE COMMENT 'new'", found: ['DATABASE comment'], on: 'mariadb' },
    { sql: 'ALTER EVENT never ENABLE', found: ['EVENT never'] },
  ],
};

describe.each(FLAVORS)('%s', (flavor) => {
  let lab: LoadLab;
  let dump: Dumped;

  beforeAll(async () => {
    lab = await openLoadLab(flavor, { settings: { 'event-scheduler': 'OFF' } });
    dump = await dumped(await lab.make(`${little('a')}${MORE}${OWN[flavor]}`));
  });
  afterAll(() => lab?.server.stop());

  async function copyDiffersIn(sql: string): Promise<string[]> {
    const copy = lab.reserve();
    await loadDumped(copy, dump);
    await lab.sql(copy, sql);
    const differences = compare(await contentOf(dump), await contentOf(await dumped(copy)));
    return differences.map(({ kind, object }) => `${kind} ${object}`).sort();
  }

  test('a copy is equal, whatever its database is called', async () => {
    expect(await copyDiffersIn('SELECT 1')).toEqual([]);
  });

  test.each(Object.keys(PLANTED))('%s', async (title) => {
    const planted = PLANTED[title]!.filter(({ on }) => on === undefined || on === flavor);
    const found = await copyDiffersIn(planted.map(({ sql }) => sql).join(';\n'));
    expect(found).toEqual(planted.flatMap((it) => it.found).sort());
  });
});
