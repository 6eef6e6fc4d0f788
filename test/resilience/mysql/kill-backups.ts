import { expect } from 'vitest';
import type { Flavor } from '../../servers/mysql/server.ts';
import { killServerBackups } from '../server-backup-kills.ts';
import { openScene } from './scene.ts';

/** Kills backups at `kills` random moments and two chosen ones: each is listed and whole, or not listed. */
export async function expectKillsSurvived(flavor: Flavor, kills: number): Promise<void> {
  await using scene = await openScene(flavor, 8_000);
  const outcomes = await killServerBackups(`kill backups of ${flavor}`, scene, kills);
  expect(outcomes.listed).toBeGreaterThan(0);
  expect(outcomes['not listed']).toBeGreaterThan(0);
  expect(await scene.print('a')).toBe(scene.prints['a']);
}
