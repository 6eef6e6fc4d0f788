import { expect, test } from 'vitest';
import { MOMENTS } from '../killing.ts';
import { killRestoreTests } from '../restore-test-kills.ts';
import { openScene } from './scene.ts';

test(`a restore test on PostgreSQL killed at ${MOMENTS + 2} moments changes nothing, and the next one clears up`, async () => {
  await using scene = await openScene(6_000);
  const { workspace, ids, url, print, leftovers, ask } = scene;
  // Looks like one of ours, and is not.
  await ask('CREATE DATABASE cofre_restore_test_mine');
  const own = 'cofre_restore_test_mine';
  const outcomes = await killRestoreTests({
    what: 'kill PostgreSQL restore tests',
    workspace,
    id: ids['a']!,
    place: ['--into', url('b')],
    others: async () => [await print('a'), await print('b'), await print(own)],
    leftovers: async () => (await leftovers()).filter((name) => name !== own),
    kills: MOMENTS,
  });
  expect(outcomes['not told']).toBeGreaterThan(0);
  expect(outcomes.told).toBeGreaterThan(0);
}, 900_000);
