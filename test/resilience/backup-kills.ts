import { expect } from 'vitest';
import type { Env } from '../../lib/cofre.ts';
import { runCli } from '../support/cli-process.ts';
import { watchDatabase } from '../support/database-watcher.ts';
import { fingerprint, makeSample } from '../support/sample-database.ts';
import { seededRandom } from '../support/seeded.ts';
import type { Workspace } from '../support/workspace.ts';
import { expectClearedLater, expectSound } from './aftermath.ts';
import { calibrate, type KillMode, kill, killAtMoments, survivors, type When } from './killing.ts';

export interface KillPlan {
  /** A folder, or `s3://…` as `env` tells. */
  readonly store: string;
  readonly env: Readonly<Record<string, string>> & Env;
  readonly kills: number;
  readonly rows: number;
}

/**
 * Kills backups of a WAL database that an application has open. After each kill: what is listed is whole, the next
 * backup works at once, and what the kill left behind goes when its days are over. Returns how often each outcome was.
 */
export async function killBackups(workspace: Workspace, { store, env, kills, rows }: KillPlan) {
  const random = seededRandom(`kill backups to ${store}`);
  const backup = {
    args: ['backup', '--url', 'sqlite:./source.sqlite3', '--store', store, '--json'],
    options: { cwd: workspace.folder, env },
  };
  const source = workspace.path('source.sqlite3');
  makeSample(source, { name: 'source', rows, journalMode: 'wal' });
  const original = fingerprint(source);
  const watcher = await watchDatabase(source);
  await calibrate(backup);
  const pace = { ms: await calibrate(backup) };
  const cofre = workspace.open({ store: workspace.storeAt(store), env });
  const verified = new Set<string>();

  const count = async () => (await cofre.catalog.scan()).backups.length;

  const killOnce = async (when: When, mode: KillMode) => {
    let before = 0;
    const next = async () => {
      before = await count();
      return backup;
    };
    await kill({ next, isDecided: async () => (await count()) > before, pace }, when, mode);
    const outcome = (await count()) > before ? 'listed' : 'not listed';
    await expectSound(cofre, verified);
    const again = await runCli(backup.args, backup.options);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    pace.ms = again.ms;
    await expectSound(cofre, verified);
    await expectClearedLater(cofre);
    expect((await cofre.catalog.latest('source')).id).toBe(JSON.parse(again.stdout).id);
    return outcome;
  };
  const outcomes = await killAtMoments(random, kills, ['not listed', 'listed'], killOnce);
  console.log(`kill backups to ${store}, a run takes ${Math.round(pace.ms)} ms:`, outcomes);

  expect(await survivors(15_000)).toEqual([]);
  expect(await watcher.report()).toMatchObject({ seen: ['source+source'], errors: [] });
  watcher.stop();
  expect(fingerprint(source)).toBe(original);
  return outcomes;
}
