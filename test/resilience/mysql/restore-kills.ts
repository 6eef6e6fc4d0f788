import { expect } from 'vitest';
import type { Flavor } from '../../servers/mysql/server.ts';
import { runCli } from '../../support/cli-process.ts';
import { seededRandom } from '../../support/seeded.ts';
import { expectSound } from '../aftermath.ts';
import { type Command, calibrate, type KillMode, kill, killAtMoments, type When } from '../killing.ts';
import { openScene, type Scene } from './scene.ts';

export interface RestoreOutcomes {
  readonly old: number;
  readonly new: number;
  /** Of the new ones, those that the next run had to finish. */
  readonly finished: number;
}

/** Kills restores over a database, at `kills` random moments and two chosen ones; see `killRestores`. */
export async function expectRestoresSurvive(flavor: Flavor, kills: number): Promise<RestoreOutcomes> {
  await using scene = await openScene(flavor, 8_000);
  return await killRestores(scene, kills);
}

/** Restores the one of the two that the target is not. */
async function restoreOther(scene: Scene): Promise<Command & { wanted: string }> {
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
    args: ['restore', scene.ids[wanted]!, ...fixed],
    options: { cwd: scene.workspace.folder },
    wanted,
  };
}

/**
 * After each kill: the target is exactly the old or the new one; or, where MySQL had to be told what comes after the
 * tables, it is once `cofre doctor` has been. The next restore works at once, and nothing is left.
 */
async function killRestores(scene: Scene, kills: number): Promise<RestoreOutcomes> {
  const { flavor } = scene.server;
  const what = `kill restores of ${flavor}`;
  const random = seededRandom(what);
  await calibrate(await restoreOther(scene));
  const pace = { ms: await calibrate(await restoreOther(scene)) };
  const cofre = scene.workspace.open();
  const verified = new Set<string>();
  const tables = () => scene.server.sql('target', "SHOW TABLES LIKE 'is\\_%'");
  let finished = 0;

  const killOnce = async (when: When, killMode: KillMode) => {
    let command = await restoreOther(scene);
    let before = await tables();
    const next = async () => {
      command = await restoreOther(scene);
      before = await tables();
      return command;
    };
    await kill({ next, isDecided: async () => (await tables()) !== before, pace }, when, killMode);
    const { wanted } = command;
    let found = await settledPrint(scene);
    if (!Object.values(scene.prints).includes(found)) {
      expect(flavor).toBe('mysql');
      await expectMended(scene);
      found = await scene.print('target');
      expect(found).toBe(scene.prints[wanted]);
      finished += 1;
    }
    const again = await runCli(command.args, command.options);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    pace.ms = again.ms;
    expect((await scene.print('target')) === scene.prints[wanted]).toBe(true);
    await expect.poll(() => scene.leftovers()).toEqual([]);
    await expectSound(cofre, verified);
    return found === scene.prints[wanted] ? 'new' : 'old';
  };
  const outcomes = await killAtMoments(random, kills, ['old', 'new'], killOnce);
  console.log(`${what}, a run takes ${Math.round(pace.ms)} ms:`, { ...outcomes, finished });
  return { ...outcomes, finished };
}

/** How long the server may go on with a statement, ms. */
const SETTLE_MS = 30_000;

/** The server goes on with a statement that it has begun, and mysqldump may come amid it, which it may not survive. */
async function settledPrint(scene: Scene): Promise<string> {
  let before: string | undefined;
  for (const until = Date.now() + SETTLE_MS; Date.now() < until; ) {
    const now = await scene.print('target').catch(() => undefined);
    if (now !== undefined && now === before) return now;
    before = now;
  }
  return await scene.print('target');
}

async function expectMended(scene: Scene): Promise<void> {
  const args = ['doctor', '--url', scene.url('target'), '--json', '--store', './backups'];
  const { code, stdout } = await runCli(args, { cwd: scene.workspace.folder });
  expect(code).toBe(0);
  const { findings } = JSON.parse(stdout).databases[0];
  expect(findings).toEqual([{ kind: 'mended', text: expect.stringContaining('restore of target had died') }]);
}
