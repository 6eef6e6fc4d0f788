import { afterAll, describe, expect, test } from 'vitest';
import { someOf } from '../support/moments.ts';
import { makeWorkspace } from '../support/workspace.ts';
import { killRestores } from './restore-kills.ts';

/** A safety backup doubles a run's length, and so halves the share of its decisive part. */
describe.each([
  ['delete', ['--no-safety-backup'], someOf(3, 8)],
  ['wal', ['--no-safety-backup'], someOf(3, 8)],
  ['wal', [], someOf(2, 6)],
] as const)('with the target in journal mode %s and the options %j', (journalMode, extra, kills) => {
  const workspace = makeWorkspace();
  afterAll(() => workspace.remove());

  test(`a restore killed at ${kills + 2} moments leaves the old or the new database, and the next one just works`, async () => {
    const plan = { store: './backups', env: {}, kills, rows: 9_000, journalMode, extra };
    const outcomes = await killRestores(workspace, plan);
    expect(outcomes.old).toBeGreaterThan(0);
    expect(outcomes.new).toBeGreaterThan(0);
  });
});
