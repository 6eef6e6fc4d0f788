import type { Database } from '../backup.ts';
import type { Backup } from '../catalog.ts';
import type { Cofre } from '../cofre.ts';
import { engineNamed } from '../engines/registry.ts';
import { CofreError } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { type JobOptions, runJob } from '../jobs/run.ts';
import { type RestoreSource, restore, verify } from '../restore.ts';
import { redactUrl } from '../secrets.ts';

export interface RestoreTask {
  readonly source: RestoreSource;
  readonly target: Database;
  readonly safetyBackup: boolean;
  readonly actor: string;
}

export interface RestoreReport {
  /** Id of the backup, or path of the file, that was restored. */
  readonly id: string;
  readonly database: string;
  /** URL without secrets. */
  readonly target: string;
  readonly rows: number;
  readonly tables: number;
  readonly seconds: number;
  /** Id of the safety backup, `null` when none was made. */
  readonly safetyBackup: string | null;
  readonly warnings: readonly string[];
}

/** A restore as a job. `queued` is its job when there is one. */
export async function runRestore(
  cofre: Cofre,
  task: RestoreTask,
  options: Omit<JobOptions, 'exclusive'>,
  queued?: Job,
): Promise<RestoreReport> {
  const { source, target, actor } = task;
  const job = queued ?? { kind: 'restore', database: target.name, trigger: 'manual', actor };
  const began = cofre.clock.now().getTime();
  return await runJob(cofre, job, { ...options, exclusive: true }, async (context) => {
    const { rows, tables, safetyBackup, warnings } = await restore(cofre, task, context);
    const seconds = (cofre.clock.now().getTime() - began) / 1_000;
    const url = redactUrl(target.url);
    return {
      id: source.label,
      database: target.name,
      target: url,
      rows,
      tables: tables.length,
      seconds,
      safetyBackup,
      warnings,
    };
  });
}

/** @throws {CofreError} `CONFIRMATION_REQUIRED` unless `typed` is the database's name. */
export function requireConfirmation(database: string, typed: string | undefined): void {
  if (typed === database) return;
  throw new CofreError(
    'CONFIRMATION_REQUIRED',
    `All data of ${database} would be replaced: its name must be typed to confirm.`,
    {
      hint: `Type exactly "${database}". Nothing was changed.`,
    },
  );
}

export interface VerifyReport {
  readonly id: string;
  readonly ok: true;
  readonly frames: number;
  readonly size: number;
  readonly rawSize: number;
  readonly rows: number;
  readonly tables: number;
  readonly seconds: number;
}

/** Reads a backup back as a job, beside whatever else runs. */
export async function runVerify(
  cofre: Cofre,
  backup: Backup,
  actor: string,
  options: Omit<JobOptions, 'exclusive'>,
  queued?: Job,
): Promise<VerifyReport> {
  const { id, database, manifest } = backup;
  const job = queued ?? { kind: 'verify', database, trigger: 'manual', actor };
  const began = cofre.clock.now().getTime();
  return await runJob(cofre, job, { ...options, exclusive: false }, async (context) => {
    const target = { name: database, engine: engineNamed(manifest.engine.name), url: '' };
    const { rows, tables } = await verify(cofre, backup, target, context);
    const seconds = (cofre.clock.now().getTime() - began) / 1_000;
    const { size, rawSize } = manifest.archive;
    return {
      id,
      ok: true,
      frames: manifest.frames.length,
      size,
      rawSize,
      rows,
      tables: tables.length,
      seconds,
    };
  });
}
