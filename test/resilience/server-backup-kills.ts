import { expect } from 'vitest';
import { runCli } from '../support/cli-process.ts';
import { seededRandom } from '../support/seeded.ts';
import type { Workspace } from '../support/workspace.ts';
import { expectClearedLater, expectSound } from './aftermath.ts';
import { calibrate, type KillMode, kill, killAtMoments, type When } from './killing.ts';

/** What a scene on any database server has. */
export interface ServerScene {
  readonly workspace: Workspace;
  url(database: string): string;
  /** Databases and sessions that Cofre has made and not yet cleared. */
  leftovers(): Promise<string[]>;
}

/**
 * Kills backups of the scene's database `a` at `kills` random moments and two chosen ones: each is listed and whole, or not
 * listed, and the next one just works. Returns how often each outcome was.
 */
export async function killServerBackups(what: string, scene: ServerScene, kills: number) {
  const random = seededRandom(what);
  const backup = {
    args: ['backup', '--url', scene.url('a'), '--store', './backups', '--json'],
    options: { cwd: scene.workspace.folder },
  };
  const pace = { ms: await calibrate(backup) };
  const cofre = scene.workspace.open();
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
    await expect.poll(() => scene.leftovers(), { timeout: 5_000 }).toEqual([]);
    expect((await cofre.catalog.latest('a')).id).toBe(JSON.parse(again.stdout).id);
    return outcome;
  };
  const outcomes = await killAtMoments(random, kills, ['not listed', 'listed'], killOnce);
  console.log(`${what}, a run takes ${Math.round(pace.ms)} ms:`, outcomes);
  return outcomes;
}
