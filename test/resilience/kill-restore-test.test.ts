import { mkdirSync, readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../support/cli-process.ts';
import { createDatabase } from '../support/sqlite.ts';
import { fingerprint } from '../support/sqlite-fingerprint.ts';
import { makeWorkspace } from '../support/workspace.ts';
import { MOMENTS } from './killing.ts';
import { killRestoreTests } from './restore-test-kills.ts';

const workspace = makeWorkspace();
afterAll(() => workspace.remove());

const ROWS = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO notes SELECT i, hex(randomblob(150)) FROM n;`;

test(`a restore test of SQLite killed at ${MOMENTS + 2} moments changes nothing, and the next one clears up`, async () => {
  const path = createDatabase(workspace.path('shop.sqlite3'), 'WAL', ROWS);
  const args = ['backup', '--url', `sqlite:${path}`, '--store', './backups', '--json'];
  const { stdout } = await runCli(args, { cwd: workspace.folder });
  // Look like ours, and are not.
  const own = ['cofre_restore_test_mine', 'cofre_restore_test_0123456789abcdef'];
  for (const name of own) mkdirSync(workspace.path(`tmp/${name}`));
  const outcomes = await killRestoreTests({
    what: 'kill restore tests of SQLite',
    workspace,
    id: JSON.parse(stdout).id,
    place: [],
    others: async () => fingerprint(path),
    leftovers: async () => readdirSync(workspace.path('tmp')).filter((name) => !own.includes(name)),
    kills: MOMENTS,
  });
  expect(outcomes['not told']).toBeGreaterThan(0);
  expect(outcomes.told).toBeGreaterThan(0);
  expect(readdirSync(workspace.path('tmp')).toSorted()).toEqual(own.toSorted());
}, 900_000);
