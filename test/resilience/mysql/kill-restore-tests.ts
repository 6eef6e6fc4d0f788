import { expect } from 'vitest';
import type { Flavor } from '../../servers/mysql/server.ts';
import { killRestoreTests } from '../restore-test-kills.ts';
import { openScene } from './scene.ts';

/** Kills restore tests of a backup on its own server. */
export async function expectRestoreTestsClearUp(flavor: Flavor, kills: number): Promise<void> {
  await using scene = await openScene(flavor, 6_000);
  const { server, workspace, ids, url, print, leftovers } = scene;
  // Looks like one of ours, and is not.
  const own = 'cofre_restore_test_mine';
  await server.createDatabase(own);
  await server.sql(own, 'CREATE TABLE kept (id INT); INSERT INTO kept VALUES (1)');
  const outcomes = await killRestoreTests({
    what: `kill restore tests on ${flavor}`,
    workspace,
    id: ids['a']!,
    place: ['--into', url('b')],
    others: async () => [await print('a'), await print('b'), await print(own)],
    leftovers: async () => (await leftovers()).filter((name) => name !== own),
    kills,
  });
  expect(outcomes['not told']).toBeGreaterThan(0);
  expect(outcomes.told).toBeGreaterThan(0);
}
