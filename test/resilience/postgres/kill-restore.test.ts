import { describe, expect, test } from 'vitest';
import { MOMENTS } from '../killing.ts';
import { killRestores } from './restore-kills.ts';
import { openScene } from './scene.ts';

describe.each(['transaction', 'swap'] as const)('in mode %s', (mode) => {
  test(`a PostgreSQL restore killed at ${MOMENTS + 2} moments leaves the old or the new database, and the next one just works`, async () => {
    await using scene = await openScene(6_000);
    const outcomes = await killRestores(scene, mode, MOMENTS);
    expect(outcomes.old).toBeGreaterThan(0);
    expect(outcomes.new).toBeGreaterThan(0);
  });
});
