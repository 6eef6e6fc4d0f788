import { expect } from 'vitest';
import { runCli } from '../../support/cli-process.ts';
import { seededRandom } from '../../support/seeded.ts';
import { expectSound } from '../aftermath.ts';
import { type Command, calibrate, type KillMode, kill, killAtMoments, type When } from '../killing.ts';
import type { Scene } from './scene.ts';

/** Restores the one of the two that the target is not. */
async function restoreOther(scene: Scene, extra: readonly string[]): Promise<Command & { wanted: string }> {
  const wanted = (await scene.print('target')) === scene.prints['a'] ? 'b' : 'a';
  const fixed = [
    '--to',
    scene.url('target'),
    '--yes',
    '--json',
    '--store',
    './backups',
    '--no-safety-backup',
  ];
  return {
    args: ['restore', scene.ids[wanted]!, ...fixed, ...extra],
    options: { cwd: scene.workspace.folder },
    wanted,
  };
}

/**
 * Kills restores over a database. After each kill: the target is exactly the old or the new one, the next restore works
 * at once, and nothing is left. Returns how often each outcome was.
 */
export async function killRestores(scene: Scene, mode: 'transaction' | 'swap', kills: number) {
  const extra = ['--mode', mode];
  const what = `kill PostgreSQL restores (${mode})`;
  const random = seededRandom(what);
  await calibrate(await restoreOther(scene, extra));
  const pace = { ms: await calibrate(await restoreOther(scene, extra)) };
  const cofre = scene.workspace.open();
  const verified = new Set<string>();
  const state = () => (mode === 'swap' ? scene.identity('target') : scene.committed('target'));

  const killOnce = async (when: When, killMode: KillMode) => {
    let command = await restoreOther(scene, extra);
    let before = await state();
    const next = async () => {
      command = await restoreOther(scene, extra);
      before = await state();
      return command;
    };
    await kill({ next, isDecided: async () => (await state()) !== before, pace }, when, killMode);
    const { args, options, wanted } = command;
    const found = await scene.print('target');
    expect(Object.values(scene.prints)).toContain(found);
    const again = await runCli(args, options);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    pace.ms = again.ms;
    expect((await scene.print('target')) === scene.prints[wanted]).toBe(true);
    await expect.poll(() => scene.leftovers()).toEqual([]);
    await expectSound(cofre, verified);
    await dropKept(scene);
    return found === scene.prints[wanted] ? 'new' : 'old';
  };
  const outcomes = await killAtMoments(random, kills, ['old', 'new'], killOnce);
  console.log(`${what}, a run takes ${Math.round(pace.ms)} ms:`, outcomes);
  return outcomes;
}

/** What swaps keep would fill the disk. */
async function dropKept(scene: Scene): Promise<void> {
  const kept = await scene.ask("SELECT datname FROM pg_database WHERE datname ~ '^target_'");
  for (const { datname } of kept) await scene.ask(`DROP DATABASE "${datname}"`);
}
