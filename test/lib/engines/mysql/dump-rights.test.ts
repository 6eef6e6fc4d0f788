import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleOf } from '../../../../lib/engines/mysql/connection/grants.ts';
import type { Logger } from '../../../../lib/logger.ts';
import { silentLogger } from '../../../../lib/logger.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';
import { databaseOf, dumped } from '../../../support/mysql/dumping.ts';
import { firstDifference, seenByMysqldump } from '../../../support/mysql/judged.ts';
import { loadSample } from '../../../support/mysql/samples.ts';

describe('a line of SHOW GRANTS', () => {
  test.each([
    ['GRANT SELECT, SHOW VIEW ON `shop`.* TO `u`@`%`', 'shop', true],
    ['GRANT SELECT ON `sh\\_op`.* TO `u`@`%`', 'sh_op', true],
    ['GRANT SELECT ON `sh\\_op`.* TO `u`@`%`', 'shxop', false],
    ['GRANT SELECT ON `sh_op`.* TO `u`@`%`', 'shxop', true],
    ['GRANT SELECT ON `shop%`.* TO `u`@`%`', 'shop_2', true],
    ['GRANT SELECT ON `a``b.c`.* TO `u`@`%`', 'a`b.c', true],
    ['GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION', undefined, undefined],
  ])('%s', (line, database, matches) => {
    const rule = ruleOf(line)!;
    expect(rule.grants).toBe(true);
    expect(database === undefined ? rule.database : rule.database!.test(database)).toBe(matches);
  });

  test('about a table, a routine or a role is none of our business', () => {
    for (const what of ['SELECT ON `shop`.`t`', 'EXECUTE ON FUNCTION `shop`.`f`', '`role`@`%`']) {
      expect(ruleOf(`GRANT ${what} TO \`u\`@\`%\``)).toBeUndefined();
    }
  });
});

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;
  let url: string;
  let text: string;

  beforeAll(async () => {
    server = await startMysql(flavor);
    url = await loadSample(server, 'every-kind');
    text = await seenByMysqldump(server, url);
  });
  afterAll(() => server?.stop());

  const as = (user: string) => server.url(databaseOf(url), user);
  const scope = () => `\`${databaseOf(url).replaceAll('_', '\\_')}\`.*`;
  const routines = flavor === 'mysql' ? 'SHOW_ROUTINE ON *.*' : 'SELECT ON mysql.proc';

  test('a user who cannot see everything gets no dump, but the statement that helps', async () => {
    await server.createUser('reader', [`SELECT ON ${scope()}`]);
    const error = await dumped(as('reader')).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('lacks SHOW VIEW, TRIGGER, EVENT, the right to see routines.'),
    });
    const grants = /Let an administrator run: (.*)$/.exec(error.hint)![1]!;
    await server.sql('', grants);
    const { text: dump } = await dumped(as('reader'));
    const copy = await server.createDatabase();
    await server.tools.run(copy, dump);
    expect(firstDifference(await seenByMysqldump(server, copy), text)).toBe('');
  });

  test('rights by a role count', async () => {
    await server.createUser('by_role');
    await server.sql(
      '',
      `CREATE ROLE backup; GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON ${scope()} TO backup; GRANT ${routines} TO backup; GRANT backup TO by_role;
       SET DEFAULT ROLE backup ${flavor === 'mysql' ? 'TO' : 'FOR'} by_role;`,
    );
    expect((await dumped(as('by_role'))).summary.tables.length).toBeGreaterThan(30);
  });

  test('rights on some tables are not enough', async () => {
    await server.createUser('some', [
      `SELECT ON \`${databaseOf(url)}\`.parents`,
      `SHOW VIEW, TRIGGER, EVENT ON ${scope()}`,
      routines,
    ]);
    await expect(dumped(as('some'))).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('lacks SELECT'),
    });
  });

  test('the text of a routine that stays hidden fails the dump by its name', async () => {
    await server.createUser('no_text', [`SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON ${scope()}`]);
    await expect(dumped(as('no_text'))).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringMatching(/may not see the text of the (function|library|package) \w+/),
    });
  });

  let users = 0;
  const needed = () => [`SELECT, SHOW VIEW, TRIGGER, EVENT ON ${scope()}`, routines];
  test.each([
    ['global', ['RELOAD ON *.*'], 3],
    ['global', ['RELOAD ON *.*', 'LOCK TABLES'], 3],
    ['all tables', ['LOCK TABLES'], 3],
    ['none', [], 1],
  ])('its lock is %s where the user has %j', async (lock, rights, connections) => {
    users += 1;
    const name = `user ${users}`;
    await server.createUser(name, [
      ...needed(),
      ...rights.map((it) => (it.includes(' ON ') ? it : `${it} ON ${scope()}`)),
    ]);
    const logged: unknown[] = [];
    const logger: Logger = { ...silentLogger, info: (message, fields) => logged.push([message, fields]) };
    const { text: dump, summary } = await dumped(as(name), { jobs: 3, context: { logger } });
    expect(logged).toEqual([['Took a snapshot.', { lock, connections, structureHeld: false }]]);
    const still = ['archived', 'crash_safe', 'csv_rows', 'in_memory', 'isam_2', 'old_isam'];
    const warning = 'These tables know no transactions and could not be locked';
    const loose = !rights.includes('LOCK TABLES');
    expect(summary.warnings).toEqual(loose ? [expect.stringContaining(warning)] : []);
    if (loose) expect(still.some((table) => summary.warnings[0]!.includes(table))).toBe(true);
    const copy = await server.createDatabase();
    await server.tools.run(copy, dump);
    expect(firstDifference(await seenByMysqldump(server, copy), text)).toBe('');
  });
});
