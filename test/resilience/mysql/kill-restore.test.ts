import { expect, test } from 'vitest';
import { MOMENTS } from '../killing.ts';
import { expectRestoresSurvive } from './restore-kills.ts';

test(`a MySQL restore killed at ${MOMENTS + 2} moments leaves the old or the new database, or the next run finishes it`, async () => {
  const outcomes = await expectRestoresSurvive('mysql', MOMENTS);
  expect(outcomes.old).toBeGreaterThan(0);
  expect(outcomes.new).toBeGreaterThan(0);
});
