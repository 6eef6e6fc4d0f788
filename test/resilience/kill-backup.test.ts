import { afterAll, expect, test } from 'vitest';
import { makeWorkspace } from '../support/workspace.ts';
import { killBackups } from './backup-kills.ts';
import { MOMENTS } from './killing.ts';

const workspace = makeWorkspace();
afterAll(() => workspace.remove());

test(`a backup killed at ${MOMENTS + 2} moments is listed and whole, or not listed, and the next one just works`, async () => {
  const plan = { store: './backups', env: {}, kills: MOMENTS, rows: 12_000 };
  const outcomes = await killBackups(workspace, plan);
  expect(outcomes.listed).toBeGreaterThan(0);
  expect(outcomes['not listed']).toBeGreaterThan(0);
  expect(strangers()).toEqual([]);
});

/** Files that are neither the source, nor a backup, a job or a lock, nor what belongs to such an object. */
function strangers(): string[] {
  const known = [
    /^source\.sqlite3(-wal|-shm)?$/,
    /^backups\/\.cofre-lock$/,
    /^backups\/(jobs|locks)\//,
    /^backups\/source\/(\.cofre-tags\/)?db_backup_/,
  ];
  return workspace
    .files()
    .filter((file) => file.includes('.cofre-tmp') || !known.some((it) => it.test(file)));
}
