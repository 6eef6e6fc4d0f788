import { expect } from 'vitest';
import type { Cofre } from '../../lib/cofre.ts';
import { runCli } from '../support/cli-process.ts';
import { seededRandom } from '../support/seeded.ts';
import { expectClearedLater, expectSound } from './aftermath.ts';
import { type Command, calibrate, type KillMode, kill, killAtMoments, type When } from './killing.ts';

export interface BackupKills {
  /** Names the run, and is the seed of its moments. */
  readonly what: string;
  readonly backup: Command;
  /** The name of what is backed up. */
  readonly database: string;
  /** Where the backups go. */
  readonly cofre: Cofre;
  /** Random moments; two chosen ones come on top. */
  readonly kills: number;
  /** What is in the way, besides the store, once the next backup is done. */
  readonly leftovers?: () => Promise<string[]>;
}

/**
 * Kills the same backup at many moments. After each: what is listed is whole, the next backup works at once, and what the
 * kill left behind goes when its days are over. Returns how often each outcome was.
 */
export async function killEachBackup(plan: BackupKills) {
  const { what, backup, database, cofre, kills, leftovers = async () => [] } = plan;
  const pace = { ms: await calibrate(backup) };
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
    await expect.poll(leftovers).toEqual([]);
    expect((await cofre.catalog.latest(database)).id).toBe(JSON.parse(again.stdout).id);
    return outcome;
  };
  const outcomes = await killAtMoments(seededRandom(what), kills, ['not listed', 'listed'], killOnce);
  console.log(`${what}, a run takes ${Math.round(pace.ms)} ms:`, outcomes);
  return outcomes;
}
