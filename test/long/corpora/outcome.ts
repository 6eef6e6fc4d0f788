import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCofre } from '../../../lib/cofre.ts';
import { parseConfig } from '../../../lib/config.ts';
import { toCofreError } from '../../../lib/errors.ts';
import { silentLogger } from '../../../lib/logger.ts';
import type { Difference } from '../../../lib/restore-test.ts';
import { runBackup } from '../../../lib/tasks/backup.ts';
import { placeAt, runRestoreTest } from '../../../lib/tasks/restore-test.ts';

/** What came of a database. */
export interface Outcome {
  readonly result: 'equal' | 'explained' | 'different' | 'empty' | 'not backed up' | 'not restored';
  readonly objects: number;
  readonly rows: number;
  readonly seconds: number;
  /** Those that nothing explains first. */
  readonly differences: readonly Difference[];
  readonly warnings: readonly string[];
  /** Code and message of what was not made. */
  readonly error?: string;
}

const NOTHING = { objects: 0, rows: 0, differences: [], warnings: [] };

/** Backs a database up into a store of its own, and tests its restore on the same server. Never throws. */
export async function tryDatabase(url: string, name: string): Promise<Outcome> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'cofre-corpus-'));
  const outcome = await backUpAndTest(url, name, folder);
  rmSync(folder, { recursive: true, force: true });
  return { ...outcome, seconds: (performance.now() - began) / 1_000 };
}

async function backUpAndTest(url: string, name: string, folder: string): Promise<Omit<Outcome, 'seconds'>> {
  const config = parseConfig({ databases: { [name]: { url } } }, folder, 'the corpora');
  const cofre = openCofre({ config, env: {}, logger: silentLogger });
  const signal = new AbortController().signal;
  const actor = 'corpora';
  let step: Outcome['result'] = 'not backed up';
  try {
    const database = await cofre.database(name);
    const made = await runBackup(
      cofre,
      { database, compression: 'zstd', trigger: 'manual', actor },
      { signal },
    );
    step = 'not restored';
    const backup = await cofre.catalog.find(made.id);
    const task = { backup, ...placeAt(backup, database), actor };
    const { result, objects, rows, differences, warnings } = await runRestoreTest(cofre, task, { signal });
    return {
      result: objects <= 1 && result === 'equal' ? 'empty' : result,
      objects,
      rows,
      differences,
      warnings: [...made.warnings, ...warnings],
    };
  } catch (error) {
    const { code, message } = toCofreError(error);
    return { ...NOTHING, result: step, error: `${code}: ${message}` };
  }
}
