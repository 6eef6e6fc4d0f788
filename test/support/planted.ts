import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Database } from '../../lib/backup.ts';
import { restoreTestCommand } from '../../lib/cli/commands/restore-test.ts';
import { Ended } from '../../lib/cli/ended.ts';
import { openOutput } from '../../lib/cli/output.ts';
import type { CliSession } from '../../lib/cli/session.ts';
import type { Cofre } from '../../lib/cofre.ts';
import type { Difference } from '../../lib/engines/content/content.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { runBackup } from '../../lib/tasks/backup.ts';
import type { RestoreTestReport } from '../../lib/tasks/restore-test.ts';

/** A backed-up sample of one engine, and ways to spoil what came back of it. */
export interface PlantedLab {
  readonly cofre: Cofre;
  readonly database: Database;
  readonly id: string;
  /** Runs SQL in the scratch database, between restore and comparison. */
  plant(scratchUrl: string, sql: string): Promise<void>;
  /** What restore tests have left. */
  leftovers(): Promise<readonly string[]>;
}

export interface Plant {
  readonly what: string;
  readonly sql: string;
  /** Kinds and objects of the differences: all of them. */
  readonly found: readonly string[];
}

export async function backUp(cofre: Cofre, database: Database): Promise<string> {
  const task = { database, compression: 'zstd', trigger: 'manual', actor: 'test' } as const;
  return (await runBackup(cofre, task, { signal: new AbortController().signal })).id;
}

/** Runs `cofre restore-test ID --here --json` in this process, with the engine given; exit code and report. */
export async function testRestore(
  { cofre, database, id }: PlantedLab,
  engine: Engine = database.engine,
): Promise<{ code: number; report: RestoreTestReport }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const streams = { stdout, stderr, stdin: new PassThrough() };
  const session: CliSession = {
    cofre: { ...cofre, database: async () => ({ ...database, engine }) },
    output: openOutput(true, streams),
    process: { ...streams, env: {}, cwd: '/', signal },
    actor: 'test',
    withProgress: (run) => run({ signal, onProgress: () => {} }),
  };
  const code = await restoreTestCommand(session, id, { here: true }).then(
    () => 0,
    (error) => (error instanceof Ended ? error.code : Promise.reject(error)),
  );
  stdout.end();
  return { code, report: JSON.parse(await text(stdout)) };
}

/** An engine whose restores come back with a change. */
function spoiled({ database, plant }: PlantedLab, sql: string): Engine {
  const { engine } = database;
  const load: Engine['load'] = async (url, ...rest) => {
    const loaded = await engine.load(url, ...rest);
    await plant(url, sql);
    return loaded;
  };
  return { ...engine, load };
}

const named = ({ kind, object }: Difference) => `${kind} ${object}`;

/** The sample comes back equal; with each of the changes, that change is named, and nothing else. */
export function expectPlantedFound(lab: () => PlantedLab, plants: readonly Plant[]): void {
  test('what came back unchanged is equal: exit 0', async () => {
    const { code, report } = await testRestore(lab());
    expect(report).toMatchObject({ result: 'equal', differences: [], warnings: [] });
    expect(code).toBe(0);
    const { objects, tables, rows, seconds } = report;
    console.log(`${report.server} ${report.serverVersion}:`, { objects, tables, rows, seconds });
  });

  test.each(plants)('$what is found: exit 5', async ({ sql, found }) => {
    const { code, report } = await testRestore(lab(), spoiled(lab(), sql));
    expect(report.differences.map(named).toSorted()).toEqual(found.toSorted());
    expect([code, report.result]).toEqual([5, 'different']);
    expect(await lab().leftovers()).toEqual([]);
    const { backups } = await lab().cofre.catalog.scan();
    expect(backups.map(({ id }) => id)).toEqual([lab().id]);
  });
}

/** Laid over Chinook, as it has none of these; the same words for all engines. */
export const EXTRAS = `
  CREATE TABLE extras (n INT, t VARCHAR(20) DEFAULT 'was');
  INSERT INTO extras VALUES (1, 'a'), (2, 'b'), (2, 'b');
  CREATE INDEX extras_by_n ON extras (n);
  CREATE VIEW extras_seen AS SELECT n FROM extras;`;
