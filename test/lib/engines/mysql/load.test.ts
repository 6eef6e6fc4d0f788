import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLAVORS } from '../../../servers/mysql/server.ts';
import { type Dumped, databaseOf, dumped } from '../../../support/mysql/dumping.ts';
import { seenByMysqldump } from '../../../support/mysql/judged.ts';
import { little } from '../../../support/mysql/little.ts';
import { type LoadLab, loadDumped, loadText, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { codeOf, messageOf } from '../codes.ts';

describe.each(FLAVORS)('%s', (flavor) => {
  let lab: LoadLab;
  let fresh: Dumped;
  let freshSeen: string;
  const seen = (url: string) => seenByMysqldump(lab.server, url);

  beforeAll(async () => {
    lab = await openLoadLab(flavor, { settings: { 'log-bin': 'binlog' } });
    const source = await lab.make(little('b'));
    fresh = await dumped(source);
    freshSeen = await seen(source);
  });
  afterAll(() => lab?.server.stop());

  /** A user who may do all to one database and to those that restores make, as on RDS nobody may do more. */
  async function ordinary(name: string, url: string, ...grants: string[]): Promise<string> {
    const database = databaseOf(url);
    await lab.server.createUser(name, [`ALL ON \`${database}\`.*`, ...grants]);
    return lab.server.url(database, name);
  }

  test('what was made since is gone, what was there is as it was, and other databases are not touched', async () => {
    const [target, other] = [await lab.make(little('a')), await lab.make(little('c'))];
    const before = await seen(other);
    const result = await loadDumped(target, fresh);
    expect(result.warnings).toEqual(flavor === 'mysql' ? [] : []);
    expect(await seen(target)).toBe(freshSeen);
    expect(await seen(other)).toBe(before);
    expect(await lab.leftovers()).toEqual([]);
  });

  test('right afterwards everything works: keys, checks, triggers, views, routines, events', async () => {
    const target = await lab.make(little('a'));
    await loadDumped(target, fresh);
    await lab.sql(target, "INSERT INTO parents (name) VALUES ('x')");
    expect(
      await lab.sql(target, 'SELECT name FROM parents WHERE id = 4; SELECT * FROM log; CALL say()'),
    ).toBe('xb\n4\tb\nb\n');
    expect(await lab.sql(target, 'SELECT MAX(id) FROM seen_twice; SELECT letter FROM seen LIMIT 1')).toBe(
      '9\nb\n',
    );
    await expect(lab.sql(target, 'INSERT INTO children VALUES (3, 99)')).rejects.toThrow(
      'foreign key constraint',
    );
    await expect(lab.sql(target, 'INSERT INTO children VALUES (-1, 1)')).rejects.toThrow(
      /CONSTRAINT|positive/,
    );
    const events = `SELECT EVENT_NAME, STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${databaseOf(target)}' ORDER BY 1`;
    expect(await lab.sql(target, events)).toBe('daily\tENABLED\nnever\tDISABLED\n');
  });

  test('names of any letters; programs of clients with another character set and mode', async () => {
    const names = `
      CREATE TABLE \`tä\`\`b.le\` (\`é'"\` INT PRIMARY KEY, x VARCHAR(10));
      CREATE TRIGGER \`trï;g\` BEFORE INSERT ON \`tä\`\`b.le\` FOR EACH ROW SET NEW.x = 'ü';
      CREATE PROCEDURE \`prö c\` () SELECT 'ß' AS \`Ä\`;
      CREATE VIEW \`vï\` AS SELECT 'é' AS \`ï\`;`;
    const programs = `
      SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
      CREATE TRIGGER body BEFORE INSERT ON log FOR EACH ROW SET NEW.message = 'ü\\';
      CREATE PROCEDURE a_body () SELECT 'ß\\' AS "Ä"; CREATE FUNCTION z_body () RETURNS TEXT DETERMINISTIC RETURN 'é';
      SET sql_mode = ''; CREATE VIEW body AS SELECT 'é\\\\' AS e;
      CREATE EVENT body ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO SET @a = 'é';`;
    const source = await lab.make(`${little('a')} ${names}`);
    await lab.server.tools.run(source, Buffer.from(programs, 'latin1'), '--default-character-set=latin1');
    const url = await lab.server.createDatabase('Dätenbank `1`; é');
    await lab.sql(url, little('b'));
    const dump = await dumped(source);
    for (let round = 0; round < 2; round++) {
      await loadDumped(url, dump);
      expect((await seen(url)).replaceAll('`Dätenbank ``1``; é`.', '')).toBe(await seen(source));
      expect(await lab.leftovers()).toEqual([]);
    }
  });

  test("the database's own character set and collation come back, too", async () => {
    const url = await lab.server.createDatabase(undefined, 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    const defaults = 'SELECT @@character_set_database, @@collation_database';
    const dump = await dumped(url);
    const target = await lab.make(little('a'));
    await loadDumped(target, dump);
    expect(await lab.sql(target, defaults)).toBe('utf8mb4\tutf8mb4_bin\n');
    expect(await lab.sql(target, 'SHOW TABLES')).toBe('');
  });

  test('tables that were views, and views that were tables', async () => {
    const target = await lab.make(
      'CREATE TABLE seen (id INT); CREATE VIEW log AS SELECT 1 AS n; CREATE VIEW only_b AS SELECT * FROM seen',
    );
    await loadDumped(target, fresh);
    expect(await seen(target)).toBe(freshSeen);
  });

  test('a user who may not make things for others: they become its own, and it is said', async () => {
    const url = await lab.make();
    const user = await ordinary(`plain_${flavor}`, url, 'ALL ON `cofre\\_%`.*');
    await lab.sql(url, 'SET GLOBAL log_bin_trust_function_creators = 1');
    await lab.sql(user, little('a'));
    const result = await loadDumped(user, fresh);
    expect(result.warnings).toEqual([
      'The server lets this user make nothing for others: views and programs of these definers are its own now: root@% (9).',
    ]);
    const expected = freshSeen.replaceAll('DEFINER=`root`', `DEFINER=\`plain_${flavor}\``);
    expect(await seen(url)).toBe(expected);
    await lab.sql(url, 'SET GLOBAL log_bin_trust_function_creators = 0');
    expect(await messageOf(() => loadDumped(user, fresh))).toMatch(
      /^TARGET_INVALID: .*(?:SUPER|trust_function_creators)/,
    );
    expect(await seen(url)).toBe(expected);
    expect(await lab.leftovers()).toEqual([]);
  });

  test('what it may not replace is named before anything is done', async () => {
    if (flavor !== 'mysql') return;
    const url = await lab.make(little('a'));
    const before = await seen(url);
    const user = await ordinary('visitor_mysql', url, 'ALL ON `cofre\\_%`.*');
    await lab.sql(url, 'SET GLOBAL log_bin_trust_function_creators = 1');
    expect(await messageOf(() => loadDumped(user, fresh))).toMatch(
      /^RESTORE_REFUSED: .* may not replace them: (?:function|procedure) \w+ of root@%, .*event daily of root@%/,
    );
    await lab.sql(url, 'SET GLOBAL log_bin_trust_function_creators = 0');
    expect(await seen(url)).toBe(before);
  });

  test('noOwner leaves everything to the user that restores', async () => {
    const url = await lab.make();
    const user = await ordinary(`owner_${flavor}`, url, 'ALL ON *.*');
    const result = await loadDumped(user, fresh, { options: { noOwner: true } });
    expect(result.warnings).toEqual([]);
    expect(await seen(url)).toBe(freshSeen.replaceAll('DEFINER=`root`', `DEFINER=\`owner_${flavor}\``));
  });

  test('a user who may make no database is told before anything is done, and can restore in place', async () => {
    const url = await lab.make();
    const user = await ordinary(`bound_${flavor}`, url);
    await lab.sql(url, 'SET GLOBAL log_bin_trust_function_creators = 1');
    await lab.sql(user, little('a'));
    const before = await seen(url);
    expect(await messageOf(() => loadDumped(user, fresh))).toMatch(
      /^RESTORE_REFUSED: The user bound_\w+ may not make a database on the server/,
    );
    expect(await seen(url)).toBe(before);
    await loadDumped(user, fresh, { options: { mode: 'in-place' } });
    await lab.sql(url, 'SET GLOBAL log_bin_trust_function_creators = 0');
    expect(await seen(url)).toBe(freshSeen.replaceAll('DEFINER=`root`', `DEFINER=\`bound_${flavor}\``));
  });

  test('in place: the same, over other things and into nothing; what is cut short is marked incomplete until it is whole', async () => {
    const options = { mode: 'in-place' } as const;
    const target = await lab.make(little('a'));
    for (const url of [target, lab.reserve()]) {
      await loadDumped(url, fresh, { options });
      expect(await seen(url)).toBe(freshSeen);
    }
    const cut = { ...fresh, frames: fresh.frames.slice(0, -1) };
    expect(await messageOf(() => loadDumped(target, cut, { options }))).toMatch(
      /^BACKUP_DAMAGED: .* is incomplete, as its restore in place did not come to its end: /,
    );
    expect(await lab.sql(target, "SHOW TABLES LIKE 'cofre%'")).toBe('cofre_unfinished_restore\n');
    await loadDumped(target, fresh, { options });
    expect(await seen(target)).toBe(freshSeen);
  });

  test('a foreign key of another database to the target: refused, by name', async () => {
    const target = await lab.make(little('a'));
    const name = databaseOf(target);
    const other = await lab.make(
      `CREATE TABLE guests (id INT PRIMARY KEY, CONSTRAINT of_parents FOREIGN KEY (id) REFERENCES ${name}.parents (id))`,
    );
    const before = await seen(target);
    const message = await messageOf(() => loadDumped(target, fresh));
    expect(message).toMatch(/^RESTORE_REFUSED: .* db_\w+\.guests \(of_parents\)\.$/);
    expect(await seen(target)).toBe(before);
    expect(await lab.sql(other, 'SHOW CREATE TABLE guests')).toContain(`\`${name}\`.\`parents\``);
    await loadDumped(target, fresh, { options: { mode: 'in-place' } });
    expect(await seen(target)).toBe(freshSeen);
    await lab.sql(other, 'DROP TABLE guests');
  });

  test('a key to another database stays with it', async () => {
    const other = await lab.make('CREATE TABLE hosts (id INT PRIMARY KEY); INSERT INTO hosts VALUES (1)');
    const script = `CREATE TABLE guests (id INT PRIMARY KEY, CONSTRAINT of_hosts FOREIGN KEY (id) REFERENCES ${databaseOf(other)}.hosts (id)); CREATE TRIGGER t BEFORE INSERT ON guests FOR EACH ROW SET @a = 1; INSERT INTO guests VALUES (1)`;
    const url = await lab.make(script);
    const [before, dump] = [await seen(url), await dumped(url)];
    await lab.sql(url, 'DELETE FROM guests');
    await loadDumped(url, dump);
    expect(await seen(url)).toBe(before);
    await expect(lab.sql(url, 'INSERT INTO guests VALUES (2)')).rejects.toThrow('foreign key constraint');
  });

  test('rows beyond what the server takes at once are refused, with what to do', async () => {
    const target = await lab.make(little('a'));
    const before = await seen(target);
    const long = `CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO t VALUES (1, '${'x'.repeat(65 * 1024 * 1024)}');`;
    expect(await messageOf(() => loadText(target, long))).toMatch(
      /^RESTORE_REFUSED: .* takes 67108864 at most/,
    );
    expect(await seen(target)).toBe(before);
  });

  const WRONG: Record<string, string> = {
    'no SQL': 'CREATE TABLE t (id INT); SELEC 1;',
    'a row too short': 'CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1);',
    'a row twice': 'CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1), (1);',
    'a table that is not there': 'INSERT INTO t VALUES (1);',
    'a value of another type':
      "SET sql_mode = 'STRICT_ALL_TABLES'; CREATE TABLE t (a INT); INSERT INTO t VALUES ('x');",
  };

  test.for(Object.entries(WRONG))('damaged: %s', async ([, script]) => {
    const target = lab.reserve();
    expect(await codeOf(() => loadText(target, script))).toBe('BACKUP_DAMAGED');
    expect(await lab.sql(lab.server.url(), `SHOW DATABASES LIKE '${databaseOf(target)}'`)).toBe('');
    expect(await lab.leftovers()).toEqual([]);
  });
});
