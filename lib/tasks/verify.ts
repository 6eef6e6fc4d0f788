import type { Backup } from '../catalog.ts';
import type { Cofre } from '../cofre.ts';
import { engineNamed } from '../engines/registry.ts';
import type { Job } from '../jobs/job.ts';
import { type JobOptions, runJob } from '../jobs/run.ts';
import { verify } from '../restore.ts';

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
