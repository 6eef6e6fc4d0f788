import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { mysqlEngine } from '../../../lib/engines/mysql/engine.ts';
import { CofreError } from '../../../lib/errors.ts';
import { contextOf, inputOf, replay, type Taken, take } from '../../contracts/engine/harness.ts';
import { FLAVORS } from '../../servers/mysql/server.ts';
import { cuttingProxy } from '../../support/cutting-proxy.ts';
import { seededRandom } from '../../support/seeded.ts';
import { MOMENTS, moments } from '../killing.ts';
import { openScene, type Scene } from './scene.ts';

const engine = mysqlEngine({});
const TABLE_LOSSES = Math.ceil(MOMENTS / 2) + 1;

describe.each(FLAVORS)('%s', (flavor) => {
  test(`all connections are cut at ${MOMENTS} moments of a load: the target is old when it throws, new when it returns`, async () => {
    await using scene = await openScene(flavor, 6_000);
    const expectIs = async (current: 'a' | 'b') =>
      expect(whichOf(scene, await scene.print('target'))).toBe(current);
    await cutAtMoments(scene, `cut loads of ${flavor}`, MOMENTS, load, expectIs);
  });

  test(`or of a table's replacement: the same, and its trigger is there`, async () => {
    await using scene = await openScene(flavor, 6_000);
    const rows = { a: 6_000, b: 6_500 };
    const expectIs = async (current: 'a' | 'b') => {
      const found = await scene.server.sql('target', 'SELECT COUNT(*) FROM notes; SHOW TRIGGERS');
      const [count, trigger] = found.split('\n');
      expect([Number(count), trigger?.split('\t')[0]]).toEqual([rows[current], 'stamped']);
    };
    await cutAtMoments(scene, `cut replacements of ${flavor}`, TABLE_LOSSES, replaceNotes, expectIs);
  });
});

/** Brings `a` and `b` in by turns, and cuts all connections at another moment each time. */
async function cutAtMoments(
  scene: Scene,
  what: string,
  count: number,
  bring: (url: string, taken: Taken) => Promise<void>,
  expectIs: (current: 'a' | 'b') => Promise<void>,
): Promise<void> {
  await using proxy = await cuttingProxy(Number(new URL(scene.url('a')).port));
  const url = Object.assign(new URL(scene.url('target')), { port: String(proxy.port) }).href;
  const backups = { a: await take(engine, scene.url('a')), b: await take(engine, scene.url('b')) };
  let current: 'a' | 'b' = 'a';
  await load(scene.url('target'), backups.a);
  let ms = await timeOf(() => bring(scene.url('target'), backups.a));
  const outcomes = { failed: 0, done: 0 };
  for (const fraction of moments(seededRandom(what), count)) {
    const wanted: 'a' | 'b' = current === 'a' ? 'b' : 'a';
    const cut = sleep(fraction * ms * 1.1).then(() => proxy.cut());
    const began = Date.now();
    const error = await bring(url, backups[wanted]).catch((failure: unknown) => failure);
    await cut;
    if (error === undefined) {
      current = wanted;
      ms = Date.now() - began;
    } else expect(error).toBeInstanceOf(CofreError);
    outcomes[error === undefined ? 'done' : 'failed'] += 1;
    await expectIs(current);
  }
  console.log(`${what}:`, outcomes);
  expect(outcomes.failed).toBeGreaterThan(0);
  await expect.poll(() => leftoversAfterSweep(scene)).toEqual([]);
}

/** A session that was cut may live on for a moment, and what it makes with it: a later sweep takes that. */
async function leftoversAfterSweep(scene: Scene): Promise<string[]> {
  await engine.sweep(scene.url('target'));
  return await scene.leftovers();
}

async function load(url: string, taken: Taken): Promise<void> {
  await engine.load(url, inputOf(taken), contextOf());
}

async function replaceNotes(url: string, { frames, summary }: Taken): Promise<void> {
  const input = {
    tables: ['notes'],
    known: summary.tables,
    details: summary.details,
    read: (section: string, wanted?: readonly string[]) =>
      replay(frames.filter((it) => it.section === section && (!wanted || wanted.includes(it.table ?? '')))),
  };
  await engine.loadTables!(url, input, contextOf(), { replace: true });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = Date.now();
  await work();
  return Date.now() - began;
}

function whichOf({ prints }: Scene, print: string): string | undefined {
  return Object.keys(prints).find((name) => prints[name] === print);
}
