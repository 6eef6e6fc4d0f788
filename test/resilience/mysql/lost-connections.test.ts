import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { mysqlEngine } from '../../../lib/engines/mysql/engine.ts';
import { CofreError } from '../../../lib/errors.ts';
import { take } from '../../contracts/engine/harness.ts';
import { FLAVORS } from '../../servers/mysql/server.ts';
import { cuttingProxy } from '../../support/cutting-proxy.ts';
import { dumped } from '../../support/mysql/dumping.ts';
import { seededRandom } from '../../support/seeded.ts';
import { MOMENTS, moments } from '../killing.ts';
import { openScene } from './scene.ts';

const engine = mysqlEngine({});

describe.each(FLAVORS)('%s', (flavor) => {
  test(`all connections are cut at ${MOMENTS} moments of a dump: it fails, or was over`, async () => {
    await using scene = await openScene(flavor, 8_000);
    await using proxy = await cuttingProxy(Number(new URL(scene.url('a')).port));
    const url = Object.assign(new URL(scene.url('a')), { port: String(proxy.port) }).href;
    const random = seededRandom(`cut dumps of ${flavor}`);
    const began = Date.now();
    const whole = await take(engine, url);
    let ms = Date.now() - began;
    const outcomes = { failed: 0, done: 0 };
    for (const fraction of moments(random, MOMENTS)) {
      const cut = sleep(fraction * ms).then(() => proxy.cut());
      const start = Date.now();
      const outcome = await take(engine, url).catch((error: unknown) => error);
      await cut;
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(CofreError);
        outcomes.failed += 1;
      } else {
        expect(outcome).toMatchObject({ rawSize: whole.rawSize, summary: { tables: whole.summary.tables } });
        outcomes.done += 1;
        ms = Date.now() - start;
      }
    }
    console.log(`cut dumps of ${flavor}:`, outcomes);
    expect(outcomes.failed).toBeGreaterThan(0);
    expect(await scene.print('a')).toBe(scene.prints['a']);
    await expect.poll(() => scene.leftovers()).toEqual([]);
  });

  test('any one connection that is killed, or whose query is, fails the dump, however late', async () => {
    await using scene = await openScene(flavor, 8_000);
    const { server } = scene;
    const { frames } = await dumped(scene.url('a'));
    for (const verb of ['KILL', 'KILL QUERY']) {
      for (const victim of [0, 1, 2]) {
        for (const moment of verb === 'KILL' ? [1, frames.length] : [1]) {
          const killOne = async () => {
            const sessions = (await server.sql('', 'SHOW PROCESSLIST'))
              .split('\n')
              .map((line) => line.split('\t'));
            const ours = sessions.filter(([, user]) => user === 'cofre').map(([id]) => id);
            expect(ours).toHaveLength(3);
            await server.sql('', `${verb} ${ours[victim]}`);
          };
          let count = 0;
          const outcome = await dumped(scene.url('a'), {
            onFrame: async () => {
              count += 1;
              if (count === moment) await killOne();
            },
          }).then(
            ({ summary }) => summary.tables,
            (error) => error,
          );
          // A query that was over by then is nobody's loss.
          if (verb === 'KILL') expect(outcome).toMatchObject({ code: 'SOURCE_FAILED' });
          else if (Array.isArray(outcome))
            expect(outcome.find(({ name }) => name === 'notes')).toEqual({ name: 'notes', rows: 8_000 });
          else expect(outcome).toMatchObject({ code: 'SOURCE_FAILED' });
        }
      }
    }
  });
});
