import { expect, test } from 'vitest';
import { runCli } from '../../support/cli-process.ts';
import { seededRandom } from '../../support/seeded.ts';
import { expectClearedLater, expectSound } from '../aftermath.ts';
import { calibrate, type KillMode, kill, killAtMoments, MOMENTS, type When } from '../killing.ts';
import { openScene, type Scene } from './scene.ts';

test(`a PostgreSQL backup killed at ${MOMENTS + 2} moments is listed and whole, or not listed, and the next one just works`, async () => {
  await using scene = await openScene(6_000);
  const outcomes = await killBackups(scene, MOMENTS);
  expect(outcomes.listed).toBeGreaterThan(0);
  expect(outcomes['not listed']).toBeGreaterThan(0);
  expect(await scene.print('a')).toBe(scene.prints['a']);
}, 400_000);

async function killBackups(scene: Scene, kills: number) {
  const what = 'kill PostgreSQL backups';
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
