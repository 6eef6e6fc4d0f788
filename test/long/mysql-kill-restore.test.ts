import { expect, test } from 'vitest';
import { expectRestoresSurvive } from '../resilience/mysql/restore-kills.ts';
import { FLAVORS } from '../servers/mysql/server.ts';

test.each(FLAVORS)(
  'a restore on %s killed at 27 moments leaves the old or the new database, or the next run finishes it',
  async (flavor) => {
    const outcomes = await expectRestoresSurvive(flavor, 25);
    expect(outcomes.old).toBeGreaterThan(0);
    expect(outcomes.new).toBeGreaterThan(0);
    if (flavor === 'mariadb') expect(outcomes.finished).toBe(0);
  },
  600_000,
);
