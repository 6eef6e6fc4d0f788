import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runCli } from '../support/cli-process.ts';
import { seededRandom } from '../support/seeded.ts';
import type { Workspace } from '../support/workspace.ts';
import { calibrate, type KillMode, kill, killAtMoments, type When } from './killing.ts';

export interface RestoreTestKills {
  /** Names the run, and is the seed of its moments. */
  readonly what: string;
  readonly workspace: Workspace;
  /** Of the backup that is tested. */
  readonly id: string;
  /** Where the scratch database is made; `[]` for SQLite. */
  readonly place: readonly string[];
  /** What there is besides: the source, and databases that have nothing to do with it. */
  readonly others: () => Promise<unknown>;
  /** Databases, files and sessions of restore tests. */
  readonly leftovers: () => Promise<readonly string[]>;
  readonly kills: number;
}

/**
 * Kills the same restore test at many moments. After each: the source, all other databases and the store are what they
 * were, and once the next one has run, nothing is left. Returns how often each outcome was.
 */
export async function killRestoreTests(plan: RestoreTestKills) {
  const { what, workspace, id, place, others, leftovers, kills } = plan;
  const command = {
    args: ['restore-test', id, ...place, '--store', './backups', '--json'],
    options: { cwd: workspace.folder },
  };
  const records = () => workspace.files().filter((file) => file.includes('.restore-test.json'));
  const record = () =>
    records()
      .map((file) => readFileSync(workspace.path(file), 'utf8'))
      .join();
  const [before, stored] = [await others(), storedIn(workspace)];
  const pace = { ms: await calibrate(command) };

  const killOnce = async (when: When, mode: KillMode) => {
    let last = record();
    const next = async () => {
      last = record();
      return command;
    };
    await kill({ next, isDecided: async () => record() !== last, pace }, when, mode);
    const outcome = record() === last ? 'not told' : 'told';
    expect(await others()).toEqual(before);
    expect(storedIn(workspace)).toEqual(stored);
    const again = await runCli(command.args, command.options);
    expect([again.code, again.stderr, again.code === 0 ? '' : again.stdout]).toEqual([0, '', '']);
    expect(JSON.parse(again.stdout)).toMatchObject({ result: 'equal', warnings: [] });
    pace.ms = again.ms;
    await expect.poll(leftovers, { timeout: 60_000 }).toEqual([]);
    expect([await others(), storedIn(workspace)]).toEqual([before, stored]);
    return outcome;
  };
  const outcomes = await killAtMoments(seededRandom(what), kills, ['not told', 'told'], killOnce);
  console.log(`${what}, a run takes ${Math.round(pace.ms)} ms:`, outcomes);
  return outcomes;
}

/** All objects of the store with their content, but for job records, records of restore tests, and the store's own files. */
function storedIn(workspace: Workspace): Record<string, string> {
  const files = workspace
    .files()
    .filter(
      (file) => /^backups\/(?!jobs\/)[^.][^/]*\/[^.]/.test(file) && !file.endsWith('.restore-test.json'),
    );
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(workspace.path(file)))
        .digest('hex'),
    ]),
  );
}
