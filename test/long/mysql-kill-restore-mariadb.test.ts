import { expect, test } from 'vitest';
import { MOMENTS } from '../resilience/killing.ts';
import { expectRestoresSurvive } from '../resilience/mysql/restore-kills.ts';

test('a restore on MariaDB killed at 27 moments leaves the old or the new database', async () => {
  const outcomes = await expectRestoresSurvive('mariadb', MOMENTS);
  expect(outcomes.old).toBeGreaterThan(0);
  expect(outcomes.new).toBeGreaterThan(0);
  expect(outcomes.finished).toBe(0);
});
