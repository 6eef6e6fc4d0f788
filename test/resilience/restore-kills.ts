import { expect } from 'vitest';
import { runCli } from '../support/cli-process.ts';
import { watchDatabase } from '../support/database-watcher.ts';
import { fingerprint, makeSample, nameOf } from '../support/sample-database.ts';
import { seededRandom } from '../support/seeded.ts';
import type { Workspace } from '../support/workspace.ts';
import { expectClearedLater, expectSound } from './aftermath.ts';
import type { KillPlan } from './backup-kills.ts';
import {
  type Command,
  calibrate,
  type KillMode,
  kill,
  killAtMoments,
  survivors,
  type When,
} from './killing.ts';

export interface RestoreKillPlan extends KillPlan {
  readonly journalMode: 'delete' | 'wal';
  /** More options of `cofre restore`. */
  readonly extra: readonly string[];
}

/** Two databases with a backup each, and a target that is always exactly one of them. */
interface Scene {
  readonly plan: RestoreKillPlan;
  readonly workspace: Workspace;
  readonly target: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly prints: Readonly<Record<string, string>>;
}

async function prepare(workspace: Workspace, plan: RestoreKillPlan): Promise<Scene> {
  const [ids, prints]: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const name of ['a', 'b']) {
    const path = workspace.path(`${name}.sqlite3`);
    makeSample(path, { name, rows: plan.rows + (name === 'b' ? 2_000 : 0) });
    prints[name] = fingerprint(path);
    const args = ['backup', '--url', `sqlite:./${name}.sqlite3`, '--store', plan.store, '--json'];
    const { stdout } = await runCli(args, { cwd: workspace.folder, env: plan.env });
    ids[name] = JSON.parse(stdout).id;
  }
  const target = workspace.path('target.sqlite3');
  makeSample(target, { name: 'old', rows: 10, journalMode: plan.journalMode });
  return { plan, workspace, target, ids, prints };
}

/** Restores the one that the target is not. */
function restoreOther({ plan, workspace, target, ids, prints }: Scene): Command & { wanted: string } {
  const wanted = fingerprint(target) === prints['a'] ? 'b' : 'a';
  const fixed = ['--to', 'sqlite:./target.sqlite3', '--yes', '--json', '--store', plan.store];
  const args = ['restore', ids[wanted]!, ...fixed, ...plan.extra];
  return { args, options: { cwd: workspace.folder, env: plan.env }, wanted };
}

/**
 * Kills restores over a database that an application has open. After each kill: the target is exactly the old or the
 * new one, the next restore works at once, and nothing is left. Returns how often each outcome was.
 */
export async function killRestores(workspace: Workspace, plan: RestoreKillPlan) {
  const what = `kill restores from ${plan.store} (${plan.journalMode} ${plan.extra})`;
  const random = seededRandom(what);
  const scene = await prepare(workspace, plan);
  const { target, prints } = scene;
  const watcher = await watchDatabase(target);
  await calibrate(restoreOther(scene));
  const pace = { ms: await calibrate(restoreOther(scene)) };
  const cofre = workspace.open({ store: workspace.storeAt(plan.store), env: plan.env });
  const verified = new Set<string>();

  const killOnce = async (when: When, mode: KillMode) => {
    let command = restoreOther(scene);
    const next = async () => {
      command = restoreOther(scene);
      return command;
    };
    await kill({ next, isDecided: async () => nameOf(target) === command.wanted, pace }, when, mode);
    const { args, options, wanted } = command;
    const found = fingerprint(target);
    expect(Object.values(prints)).toContain(found);
    const again = await runCli(args, options);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    pace.ms = again.ms;
    expect(fingerprint(target)).toBe(prints[wanted]);
    await expectSound(cofre, verified);
    await expectClearedLater(cofre);
    return found === prints[wanted] ? 'new' : 'old';
  };
  const outcomes = await killAtMoments(random, plan.kills, ['old', 'new'], killOnce);
  console.log(`${what}, a run takes ${Math.round(pace.ms)} ms:`, outcomes);

  expect(await survivors(120_000)).toEqual([]);
  await expectSound(cofre, new Set());
  const { seen, errors } = await watcher.report();
  watcher.stop();
  expect([...seen].sort()).toEqual(['a+a', 'b+b', 'old+old']);
  expect(errors).toEqual([]);
  expect(besides(workspace)).toEqual([]);
  return outcomes;
}

/** Files that do not belong beside the databases, nor into the store. */
function besides(workspace: Workspace): string[] {
  const known = [/^(a|b|target)\.sqlite3$/, /^target\.sqlite3-(wal|shm)$/, /^backups\//];
  return workspace
    .files()
    .filter((file) => file.includes('.cofre-tmp') || !known.some((it) => it.test(file)));
}
