import { expect } from 'vitest';
import type { Env } from '../../lib/cofre.ts';
import { watchDatabase } from '../support/database-watcher.ts';
import { fingerprint, makeSample } from '../support/sample-database.ts';
import type { Workspace } from '../support/workspace.ts';
import { killEachBackup } from './kill-each-backup.ts';
import { calibrate, survivors } from './killing.ts';

export interface KillPlan {
  /** A folder, or `s3://…` as `env` tells. */
  readonly store: string;
  readonly env: Readonly<Record<string, string>> & Env;
  readonly kills: number;
  readonly rows: number;
}

/** Kills backups of a WAL database that an application has open, as `killEachBackup`; it sees nothing of it. */
export async function killBackups(workspace: Workspace, { store, env, kills, rows }: KillPlan) {
  const backup = {
    args: ['backup', '--url', 'sqlite:./source.sqlite3', '--store', store, '--json'],
    options: { cwd: workspace.folder, env },
  };
  const source = workspace.path('source.sqlite3');
  makeSample(source, { name: 'source', rows, journalMode: 'wal' });
  const original = fingerprint(source);
  const watcher = await watchDatabase(source);
  await calibrate(backup);
  const cofre = workspace.open({ store: workspace.storeAt(store), env });
  const what = `kill backups to ${store}`;
  const outcomes = await killEachBackup({ what, backup, database: 'source', cofre, kills });

  expect(await survivors(15_000)).toEqual([]);
  expect(await watcher.report()).toMatchObject({ seen: ['source+source'], errors: [] });
  watcher.stop();
  expect(fingerprint(source)).toBe(original);
  return outcomes;
}
