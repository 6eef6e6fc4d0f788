import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../../../lib/engines/content/compare.ts';
import { mysqlEngine } from '../../../../lib/engines/mysql/engine.ts';
import { restoreTest } from '../../../../lib/engines/mysql/restore-test.ts';
import { scratchNamesOf } from '../../../../lib/engines/mysql/schema/scratch-names.ts';
import { moves } from '../../../../lib/engines/mysql/swap/server-side.ts';
import { sweep } from '../../../../lib/engines/mysql/sweep.ts';
import { silentLogger } from '../../../../lib/logger.ts';
import { thisProcess } from '../../../../lib/process.ts';
import { contextOf } from '../../../contracts/engine/harness.ts';
import { FLAVORS } from '../../../servers/mysql/server.ts';
import { contentOf } from '../../../support/mysql/content-of.ts';
import { deadSwap } from '../../../support/mysql/crash-lab.ts';
import { type Dumped, databaseOf, dumped } from '../../../support/mysql/dumping.ts';
import { little } from '../../../support/mysql/little.ts';
import { type LoadLab, loadDumped, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { scratchProcess } from '../../../support/mysql/scratch-lab.ts';

describe.each(FLAVORS)('%s', (flavor) => {
  let lab: LoadLab;
  let source: string;
  let dump: Dumped;

  beforeAll(async () => {
    lab = await openLoadLab(flavor, { settings: { 'event-scheduler': 'ON' } });
    source = await lab.make(little('a'));
    dump = await dumped(source);
  });
  afterAll(() => lab?.server.stop());
  afterEach(async () => expect(await lab.leftovers()).toEqual([]));

  const expected = () => ({ rawSize: 1, tables: dump.summary.tables, details: dump.summary.details });
  const open = (place = source, context = {}) =>
    restoreTest.openScratch(place, expected(), contextOf(context));
  const sql = (script: string) => lab.server.sql('', script);

  test('is empty, like the database that the backup is of, takes a restore and is gone in the end', async () => {
    const place = lab.server.url('mysql');
    const scratch = await open(place);
    expect(scratch.name).toMatch(/^cofre_restore_test_[0-9a-f]{12}$/);
    expect(databaseOf(scratch.url)).toBe(scratch.name);
    expect(scratch.server).toMatch(/^mysql:\/\/root@127\.0\.0\.1:\d+$/);
    const of = `SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '${scratch.name}'`;
    expect((await sql(of)).trim()).toBe(dump.summary.details['collation']);
    await loadDumped(scratch.url, dump, { options: { inert: true } });
    const told: unknown[] = [];
    const logger = { ...silentLogger, info: (_: string, fields?: object) => void told.push(fields) };
    const copy = await dumped(scratch.url, { context: { logger } });
    // Nobody else has to wait.
    expect(told).toMatchObject([{ lock: 'all tables', structureHeld: false }]);
    expect(scratch.version).toBe(copy.summary.details['serverVersion']);
    expect(compare(await contentOf(dump), await contentOf(copy))).toEqual([]);
    await Promise.all([scratch.drop(), scratch.drop()]);
    await scratch.drop();
  });

  test.each(['swap', 'in-place'] as const)('events never run (%s)', async (mode) => {
    const other = databaseOf(await lab.make('CREATE TABLE seen (n INT)'));
    const busy = await lab.make(
      `CREATE EVENT each_second ON SCHEDULE EVERY 1 SECOND DO INSERT INTO ${other}.seen VALUES (1);
       CREATE EVENT rests ON SCHEDULE EVERY 1 SECOND DISABLE DO INSERT INTO ${other}.seen VALUES (2);`,
    );
    const backup = await dumped(busy);
    await sql(`DROP DATABASE ${databaseOf(busy)}`);
    const scratch = await open();
    await sql(`DELETE FROM ${other}.seen`);
    await loadDumped(scratch.url, backup, { options: { inert: true, mode } });
    await sleep(2_500);
    expect(await sql(`SELECT * FROM ${other}.seen`)).toBe('');
    expect(compare(await contentOf(backup), await contentOf(await dumped(scratch.url)))).toEqual([]);
    await sql(`ALTER EVENT ${scratch.name}.each_second DISABLE`);
    const differing = compare(await contentOf(backup), await contentOf(await dumped(scratch.url)));
    expect(differing.map(({ kind, object }) => [kind, object])).toEqual([['EVENT', 'each_second']]);
    await scratch.drop();
  });

  test('what has no mark of ours stays, whatever it is called', async () => {
    const kept = [
      'cofre_restore_test_abc',
      'cofre_restore_test_0123456789ab',
      'cofre_restore_test_0123456789ab_mark_00000000',
      scratchNamesOf('cofre_restore_test_ab0123456789').mark,
    ];
    for (const name of kept) await sql(`CREATE DATABASE ${name}; CREATE TABLE ${name}.made_by (id INT)`);
    expect(await sweep(source)).toBe(0);
    expect((await lab.leftovers()).sort()).toEqual(kept.toSorted());
    for (const name of kept) await sql(`DROP DATABASE ${name}`);
  });

  /** What a maker leaves that dies after the first of these, the second and so on. */
  const STEPS = (life: string) => {
    const { scratch, mark } = scratchNamesOf('cofre_restore_test_0123456789ab');
    const comment = `Cofre''s restore test ${scratch}, by process 1 (1) of host ${life}, 2026-01-01T00:00:00.000Z`;
    return [
      `CREATE DATABASE ${mark}`,
      `CREATE TABLE ${mark}.made_by (id INT PRIMARY KEY) COMMENT = '${comment}'`,
      `CREATE DATABASE ${scratch}`,
      `CREATE TABLE ${scratch}.t (id INT)`,
      `DROP DATABASE ${scratch}`,
      `DROP TABLE ${mark}.made_by`,
    ];
  };

  test.each([
    ['this host', () => thisProcess().host],
    ['another host', () => '0123456789ab'],
  ])('whatever a maker on %s has left is dropped by the next sweep', async (_, host) => {
    const steps = STEPS(host());
    for (const [n] of steps.entries()) {
      await sql(steps.slice(0, n + 1).join(';'));
      expect(await sweep(source)).toBe(1);
      expect(await lab.leftovers()).toEqual([]);
    }
    await sql(steps[0]!);
    expect((await mysqlEngine().doctor!(source, contextOf())).map(({ kind }) => kind)).toEqual(['mended']);
  });

  test('a restore that had died amid its swap into it is finished first, then all is dropped', async () => {
    const { scratch } = scratchNamesOf('cofre_restore_test_0123456789ab');
    await sql(STEPS('0123456789ab').slice(0, 3).join(';'));
    await deadSwap(lab.server.url(scratch), dump, ({ plan, run }) => run(...moves(plan)));
    expect(await sweep(source)).toBe(2);
    expect(await lab.leftovers()).toEqual([]);
  });

  test('a restore that had died and whose target somebody has dropped since is no obstacle', async () => {
    const target = await lab.make(little('b'));
    await deadSwap(target, dump, ({ plan, run }) => run(...moves(plan), `DROP DATABASE ${plan.database}`));
    expect(await sweep(source)).toBe(1);
  });

  test('a database called like a scratch one is not dropped by a mark that was not finished', async () => {
    const { scratch, mark } = scratchNamesOf('cofre_restore_test_0123456789ab');
    await sql(`CREATE DATABASE ${scratch}; CREATE TABLE ${scratch}.t (id INT); CREATE DATABASE ${mark}`);
    expect(await sweep(source)).toBe(1);
    expect(await lab.leftovers()).toEqual([scratch]);
    await sql(`DROP DATABASE ${scratch}`);
  });

  test('of a maker that lives nothing is touched, from its own host and from others', async () => {
    const scratch = await open();
    expect(await sweep(source)).toBe(0);
    const stranger = scratchProcess(source, source, 'sweep');
    expect(await stranger.next()).toBe('0');
    const other = await open();
    expect(await lab.leftovers()).toEqual(expect.arrayContaining([scratch.name, other.name]));
    await Promise.all([scratch.drop(), other.drop()]);
  });

  test('of a maker on another host that is killed, nothing is left after the next sweep', async () => {
    const opened = scratchProcess(source, source, 'open');
    await opened.next();
    const name = await opened.next();
    expect(await lab.leftovers()).toContain(name);
    await opened.kill();
    await sweep(source);
    expect(await lab.leftovers()).toEqual([]);
    for (let round = 0; round < 5; round++) {
      const killed = scratchProcess(source, source, 'test');
      await killed.next();
      await sleep(60 + round * 130);
      await killed.kill();
      await sweep(source);
      expect(await lab.leftovers()).toEqual([]);
    }
  });

  test('is dropped when the context has ended, and when its session was lost', async () => {
    const ending = new AbortController();
    const scratch = await open(source, { signal: ending.signal });
    ending.abort();
    await scratch.drop();
    expect(await lab.leftovers()).toEqual([]);
    const cut = await open();
    const sessions = await sql(
      "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'root' AND ID <> CONNECTION_ID()",
    );
    for (const id of sessions.trim().split('\n')) await sql(`KILL ${id}`).catch(() => {});
    await cut.drop();
  });

  test('leaves nothing when the signal fires at any moment', async () => {
    for (const ms of [1, 5, 10, 20, 40]) {
      const scratch = await open(source, { signal: AbortSignal.timeout(ms) }).catch(() => undefined);
      await scratch?.drop();
      expect(await lab.leftovers()).toEqual([]);
    }
  });

  test('a user who may make none is told what to grant, and that is enough', async () => {
    await lab.server.createUser('tester', [`ALL ON \`${databaseOf(source)}\`.*`]);
    const place = lab.server.url(databaseOf(source), 'tester');
    const refused = await open(place).then(
      () => undefined,
      (error) => error,
    );
    expect(refused).toMatchObject({ code: 'RESTORE_REFUSED' });
    const grant = /GRANT .*;/.exec(refused.hint)?.[0];
    expect(grant).toBe("GRANT ALL ON `cofre\\_%`.* TO 'tester'@'%';");
    await sql(grant!);
    const scratch = await open(place);
    await loadDumped(scratch.url, dump, { options: { inert: true } });
    const { summary, frames } = await dumped(scratch.url);
    const { restoreTest } = mysqlEngine();
    const warnings = (await loadDumped(scratch.url, dump, { options: { inert: true } })).warnings;
    const side = { version: scratch.version, details: summary.details };
    const between = { was: { ...side, warnings: [] }, is: { ...side, warnings } };
    const found = compare(await contentOf(dump), await contentOf({ frames, summary }), (was, is) =>
      restoreTest.explain(was, is, between),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ explained }) => explained !== 'definer')).toEqual([]);
    await scratch.drop();
  });
});
