import { expect, test } from 'vitest';
import { backup, type VerbDeps } from '../../lib/backup.ts';
import { openCatalog } from '../../lib/catalog.ts';
import { expire, prune } from '../../lib/prune.ts';
import { DEFAULT_RETENTION, HOLD } from '../../lib/retention.ts';
import { DAY_MS, type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { memoryStore } from '../support/memory-store.ts';
import { freeContext, type ScriptedDatabase, scriptedDatabase } from '../support/scripted-engine.ts';
import { silent } from '../support/workspace.ts';

interface World extends VerbDeps {
  readonly clock: FakeClock;
  readonly shop: ScriptedDatabase;
}

function makeWorld(): World {
  const clock = fakeClock('2026-01-01T02:00:00Z');
  const store = memoryStore(clock);
  return { store, catalog: openCatalog(store), clock, logger: silent, shop: scriptedDatabase('shop') };
}

/** A day: the scheduled backup, then the housekeeping, as the local server does both. */
async function passDay(world: World): Promise<void> {
  const request = {
    database: world.shop,
    compression: 'none',
    trigger: 'schedule',
    actor: 'schedule',
  } as const;
  await backup(world, request, freeContext).catch((error) => {
    if (!world.shop.fail) throw error;
  });
  await expire(world, DEFAULT_RETENTION);
  world.clock.advance(DAY_MS);
}

const ids = async ({ catalog }: World) => (await catalog.scan('shop')).backups.map((it) => it.id);

test('backups fail for 400 days, and the last good one is still there, held, and alone in the end', async () => {
  const world = makeWorld();
  for (let day = 0; day < 20; day += 1) await passDay(world);
  const [last] = await ids(world);
  world.shop.fail = true;
  for (let day = 0; day < 400; day += 1) {
    await passDay(world);
    expect((await ids(world))[0], `day ${day} of failures`).toBe(last);
  }
  const { key, manifestKey } = await world.catalog.latest('shop');
  expect([await world.store.getTag(key), await world.store.getTag(manifestKey)]).toEqual([HOLD, HOLD]);
  // Day 0 was the year's; the dailies and weeklies of January have gone.
  expect(await ids(world)).toEqual([last, 'shop-20260101-020000']);
  expect(await prune(world, { policy: { keepLast: 1 }, dryRun: false })).toMatchObject({ removed: 1 });
  expect(await prune(world, { policy: { days: 1 }, dryRun: false })).toMatchObject({ removed: 0 });
  expect(await ids(world)).toEqual([last]);
  expect((await world.catalog.scan()).orphans).toEqual([]);
});

test('after the year of failures the next backup takes over, and the old one goes when its own days are over', async () => {
  const world = makeWorld();
  await passDay(world);
  await passDay(world);
  world.shop.fail = true;
  for (let day = 0; day < 365; day += 1) await passDay(world);
  world.shop.fail = false;
  await passDay(world);
  // The second day's was a daily one: held for a year, gone within the day of its successor.
  expect(await ids(world)).toEqual(['shop-20270103-020000', 'shop-20260101-020000']);
});

test('a year and more of good daily backups keeps what the classes promise, every day', async () => {
  const world = makeWorld();
  for (let day = 0; day < 400; day += 1) {
    await passDay(world);
    const found = await ids(world);
    expect(found[0], `day ${day}`).toBe(`shop-${dateOf(day)}-020000`);
    expect(found.length).toBeGreaterThanOrEqual(Math.min(day + 1, 14));
  }
  const kept = (await world.catalog.scan('shop')).backups.map((it) => it.manifest.retention);
  const count = (kind: string) => kept.filter((it) => it === kind).length;
  expect({ yearly: count('yearly'), monthly: count('monthly') }).toEqual({ yearly: 2, monthly: 12 });
  expect(count('daily')).toBeGreaterThanOrEqual(10);
  expect(count('weekly')).toBeGreaterThanOrEqual(6);
  expect(kept.length).toBeLessThan(45);
});

const dateOf = (day: number) =>
  new Date(Date.UTC(2026, 0, 1) + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
