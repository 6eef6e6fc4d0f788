import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setPhase } from '../../../../lib/engines/mysql/swap/journal.ts';
import { runAll } from '../../../../lib/engines/mysql/swap/run-steps.ts';
import { renameSql } from '../../../../lib/engines/mysql/swap/server-side.ts';
import { recover, sweep } from '../../../../lib/engines/mysql/sweep.ts';
import { FLAVORS, PASSWORD } from '../../../servers/mysql/server.ts';
import { type DeadSwap, deadSwap } from '../../../support/mysql/crash-lab.ts';
import { type Dumped, databaseOf, dumped } from '../../../support/mysql/dumping.ts';
import { seenByMysqldump } from '../../../support/mysql/judged.ts';
import { little } from '../../../support/mysql/little.ts';
import { type LoadLab, loadDumped, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { messageOf } from '../codes.ts';

/** Longer than whatever is waited for here takes to let go, ms. */
const LONG_MS = 300_000;

describe.each(FLAVORS)('%s', (flavor) => {
  let lab: LoadLab;
  let fresh: Dumped;
  let freshSeen: string;
  const seen = (url: string) => seenByMysqldump(lab.server, url);

  beforeAll(async () => {
    lab = await openLoadLab(flavor, { settings: { 'performance-schema': 'ON' } });
    const source = await lab.make(little('b'));
    fresh = await dumped(source);
    freshSeen = await seen(source);
  });
  afterAll(() => lab?.server.stop());

  async function connect(url: string) {
    const { port, pathname } = new URL(url);
    return await createConnection({
      host: '127.0.0.1',
      port: Number(port),
      user: 'root',
      password: PASSWORD,
      database: pathname.slice(1),
    });
  }

  describe('somebody holds a table', () => {
    test.for(['BEGIN; SELECT * FROM children', 'LOCK TABLES log READ', 'LOCK TABLES parents WRITE'])(
      '%s',
      async (sql) => {
        const target = await lab.make(little('a'));
        const before = await seen(target);
        const holder = await connect(target);
        for (const statement of sql.split('; ')) await holder.query(statement);
        const message = await messageOf(() => loadDumped(target, fresh));
        expect(message).toMatch(
          /^TARGET_BUSY: .* after 1.5 s its tables are still locked by (?:one of )?session \d+ \(root from /,
        );
        expect(message).toContain(`session ${holder.threadId} `);
        await holder.end();
        expect(await seen(target)).toBe(before);
        expect(await lab.leftovers()).toEqual([]);
      },
    );

    test('it is ended when it may be', async () => {
      const target = await lab.make(little('a'));
      const holder = await connect(target);
      const lost = new Promise((resolve) => holder.on('error', resolve));
      await holder.query('LOCK TABLES parents WRITE');
      await loadDumped(target, fresh, { options: { terminateConnections: true }, lockWaitMs: 120_000 });
      expect(await seen(target)).toBe(freshSeen);
      await lost;
    });

    test('until it lets go: others wait no longer than a moment, and the restore goes on', async () => {
      const target = await lab.make(little('a'));
      const [holder, reader] = [await connect(target), await connect(target)];
      await holder.query('BEGIN');
      await holder.query('SELECT * FROM children');
      const loading = loadDumped(target, fresh, { lockWaitMs: LONG_MS });
      // Each time the restore waits for the holder, others wait behind it, until it lets go for a while.
      for (let round = 0; round < 2; round++) {
        while (!/waiting for .*lock/i.test(await lab.sql(target, 'SHOW PROCESSLIST'))) await sleep(20);
        await reader.query('SELECT COUNT(*) FROM children');
      }
      expect(await Promise.race([loading, 'still waiting'])).toBe('still waiting');
      await holder.end();
      await loading;
      await reader.end();
      expect(await seen(target)).toBe(freshSeen);
    });
  });

  test('rows written meanwhile have set off the triggers of the one or of the other (MySQL)', async () => {
    if (flavor !== 'mysql') return;
    const target = await lab.make(`${little('a')} DELETE FROM log;`);
    const writer = await connect(target);
    let stopped = false;
    const writing = (async () => {
      while (!stopped) await writer.query("INSERT INTO parents (name) VALUES ('w')").catch(() => {});
    })();
    await loadDumped(target, fresh, { lockWaitMs: LONG_MS });
    await sleep(200);
    stopped = true;
    await writing;
    await writer.end();
    const [rows, logged] = (
      await lab.sql(
        target,
        "SELECT COUNT(*) FROM parents WHERE name LIKE 'w%'; SELECT COUNT(*) FROM log WHERE message = 'b'",
      )
    ).split('\n');
    expect(Number(rows)).toBeGreaterThan(0);
    expect(logged).toBe(rows);
    expect(await lab.sql(target, "SELECT COUNT(*) FROM parents WHERE name = 'w'")).toBe('0\n');
  });

  describe('a restore that died is settled by the next sweep', () => {
    const dropTriggers = ({ plan, run }: DeadSwap) =>
      run(...plan.oldTriggers.map((name) => `DROP TRIGGER \`${plan.database}\`.\`${name}\``));
    const move = async (swap: DeadSwap) => {
      await dropTriggers(swap);
      await swap.run(renameSql(swap.plan)!);
    };
    const forward = ({ plan, session }: DeadSwap, count: number) =>
      runAll(
        session,
        plan.database,
        plan.forward.slice(0, count).flatMap(({ statements }) => statements),
      );
    const MOMENTS: Record<string, { outcome: string; work: (swap: DeadSwap) => Promise<void> }> = {
      'before anything was done': { outcome: 'undone', work: async () => {} },
      'with a trigger dropped': {
        outcome: 'undone',
        work: ({ plan, run }) =>
          run(...plan.oldTriggers.slice(0, 1).map((name) => `DROP TRIGGER \`${plan.database}\`.\`${name}\``)),
      },
      'with all triggers dropped': { outcome: 'undone', work: dropTriggers },
      'right after the tables moved': { outcome: 'finished', work: move },
      'amid what comes then': {
        outcome: 'finished',
        work: async (swap) => {
          await move(swap);
          await forward(swap, 4);
        },
      },
      'at the very end': {
        outcome: 'finished',
        work: async (swap) => {
          await move(swap);
          await forward(swap, swap.plan.forward.length);
        },
      },
      'with nothing left but to drop what was replaced': {
        outcome: 'cleared',
        work: async (swap) => {
          await move(swap);
          await forward(swap, swap.plan.forward.length);
          await setPhase(swap.session, swap.names, 'done');
        },
      },
    };

    test.for(Object.entries(MOMENTS))('%s', async ([, { outcome, work }]) => {
      for (const existing of [true, false]) {
        const target = existing ? await lab.make(little('a')) : lab.reserve();
        const before = existing ? await seen(target) : '';
        await deadSwap(target, fresh, work);
        expect((await lab.leftovers()).length).toBeGreaterThan(0);
        expect(await recover(target)).toEqual([{ outcome, database: databaseOf(target) }]);
        expect(await lab.leftovers()).toEqual([]);
        if (outcome !== 'undone') expect(await seen(target)).toBe(freshSeen);
        else if (existing) expect(await seen(target)).toBe(before);
        else expect(await lab.sql(lab.server.url(), `SHOW DATABASES LIKE '${databaseOf(target)}'`)).toBe('');
      }
    });

    test('what somebody has made in a new database meanwhile is kept', async () => {
      const target = lab.reserve();
      await deadSwap(target, fresh, async ({ plan, run }) =>
        run(`CREATE TABLE \`${plan.database}\`.mine (id INT)`),
      );
      await sweep(target);
      expect(await lab.sql(target, 'SHOW TABLES')).toBe('mine\n');
    });

    test('by the next restore, too', async () => {
      const target = await lab.make(little('a'));
      await deadSwap(target, fresh, dropTriggers);
      await loadDumped(target, fresh);
      expect(await seen(target)).toBe(freshSeen);
      expect(await lab.leftovers()).toEqual([]);
    });

    test('but not on a replica of the server where it was made', async () => {
      const target = await lab.make(little('a'));
      await deadSwap(target, fresh, move);
      await lab.sql(lab.server.url(), 'SET GLOBAL read_only = ON');
      try {
        expect(await recover(target)).toEqual([]);
        expect((await lab.leftovers()).length).toBeGreaterThan(0);
      } finally {
        await lab.sql(lab.server.url(), 'SET GLOBAL read_only = OFF');
      }
      expect(await recover(target)).toMatchObject([{ outcome: 'finished' }]);
    });

    test('while its last statement still runs, it is waited for', async () => {
      const target = await lab.make(little('a'));
      const [maker] = await Promise.all([connect(target)]);
      let staging = '';
      await deadSwap(target, fresh, async (swap) => {
        staging = swap.names.staging;
        await move(swap);
      });
      await maker.query('SELECT GET_LOCK(?, 0)', [staging]);
      const last = maker.query('SELECT SLEEP(1.5)');
      const began = Date.now();
      expect(await recover(target)).toEqual([{ outcome: 'finished', database: databaseOf(target) }]);
      expect(Date.now() - began).toBeGreaterThan(1_000);
      await last.catch(() => {});
      maker.destroy();
      expect(await seen(target)).toBe(freshSeen);
    });
  });
});
