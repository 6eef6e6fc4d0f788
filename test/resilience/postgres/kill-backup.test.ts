import { expect, test } from 'vitest';
import { MOMENTS } from '../killing.ts';
import { killServerBackups } from '../server-backup-kills.ts';
import { openScene } from './scene.ts';

test(`a PostgreSQL backup killed at ${MOMENTS + 2} moments is listed and whole, or not listed, and the next one just works`, async () => {
  await using scene = await openScene(6_000);
  const outcomes = await killServerBackups('kill PostgreSQL backups', scene, MOMENTS);
  expect(outcomes.listed).toBeGreaterThan(0);
  expect(outcomes['not listed']).toBeGreaterThan(0);
  expect(await scene.print('a')).toBe(scene.prints['a']);
});
