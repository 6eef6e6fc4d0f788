import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../../lib/engines/engine.ts';
import { postgresEngine } from '../../../lib/engines/postgres/engine.ts';
import { CofreError } from '../../../lib/errors.ts';
import { contextOf, inputOf, type Taken, take } from '../../contracts/engine/harness.ts';
import { type CuttingProxy, cuttingProxy } from '../../support/cutting-proxy.ts';
import { seededRandom } from '../../support/seeded.ts';
import { MOMENTS, moments } from '../killing.ts';
import { openScene, type Scene } from './scene.ts';

const engine = postgresEngine({});

describe('all connections are cut', () => {
  test(`at ${MOMENTS} moments of a dump: it fails, or was over`, async () => {
    await using scene = await openScene(6_000);
    await using proxy = await proxyOf(scene);
    const url = proxied(scene.url('a'), proxy);
    const whole = await take(engine, url);
    const outcomes = await cutAtMoments('cut dumps', proxy, async () => {
      const taken = await take(engine, url);
      expect(taken.summary.tables).toEqual(whole.summary.tables);
      expect(taken.rawSize).toBe(whole.rawSize);
    });
    expect(outcomes.failed).toBeGreaterThan(0);
    expect(await scene.print('a')).toBe(scene.prints['a']);
    await expect.poll(() => scene.leftovers()).toEqual([]);
  });

  test.each(['transaction', 'swap'] as const)(
    `at ${MOMENTS} moments of a load (%s): the target is old when it throws, new when it returns`,
    async (mode) => {
      await using scene = await openScene(6_000);
      await using proxy = await proxyOf(scene);
      const url = proxied(scene.url('target'), proxy);
      const backups = { a: await take(engine, scene.url('a')), b: await take(engine, scene.url('b')) };
      let current: 'a' | 'b' = 'a';
      await load(scene.url('target'), backups.a, { mode });
      const outcomes = await cutAtMoments(`cut loads (${mode})`, proxy, async () => {
        const wanted = current === 'a' ? 'b' : 'a';
        try {
          await load(url, backups[wanted], { mode });
          current = wanted;
        } finally {
          expect(whichOf(scene, await scene.print('target'))).toBe(current);
        }
      });
      expect(outcomes.failed).toBeGreaterThan(0);
      await expect
        .poll(async () => {
          await engine.sweep(scene.url('target'));
          return await scene.leftovers();
        })
        .toEqual([]);
    },
    400_000,
  );
});

async function load(url: string, taken: Taken, options: LoadOptions): Promise<void> {
  await engine.load(url, inputOf(taken), contextOf(), options);
}

function whichOf({ prints }: Scene, print: string): string | undefined {
  return Object.keys(prints).find((name) => prints[name] === print);
}

async function proxyOf(scene: Scene): Promise<CuttingProxy> {
  return await cuttingProxy(Number(new URL(scene.url('a')).port));
}

function proxied(url: string, { port }: CuttingProxy): string {
  return Object.assign(new URL(url), { port: String(port) }).href;
}

/** Runs `work` again and again, and cuts all its connections at another moment each time. */
async function cutAtMoments(what: string, proxy: CuttingProxy, work: () => Promise<void>) {
  const random = seededRandom(what);
  const began = Date.now();
  await work();
  let ms = Date.now() - began;
  const outcomes = { failed: 0, done: 0 };
  // The last ones only where luck has chosen none that cuts it short.
  for (const [n, fraction] of [...moments(random, MOMENTS), ...moments(random, 5 * MOMENTS)].entries()) {
    if (n >= MOMENTS && outcomes.failed > 0) break;
    const cut = sleep(fraction * ms).then(() => proxy.cut());
    const start = Date.now();
    const error = await work().then(
      () => undefined,
      (failure: unknown) => failure,
    );
    await cut;
    if (error !== undefined) expect(error).toBeInstanceOf(CofreError);
    else ms = Date.now() - start;
    outcomes[error === undefined ? 'done' : 'failed'] += 1;
  }
  console.log(`${what}:`, outcomes);
  return outcomes;
}
