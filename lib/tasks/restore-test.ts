import { MOST_DIFFERENCES, type RestoreTestRecord } from '../archive/restore-test-record.ts';
import type { Database } from '../backup.ts';
import type { Backup } from '../catalog.ts';
import type { Cofre } from '../cofre.ts';
import type { Engine } from '../engines/engine.ts';
import { engineNamed } from '../engines/registry.ts';
import { CofreError } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { type JobOptions, runJob } from '../jobs/run.ts';
import { requireSameEngine } from '../restore.ts';
import { type RestoreTestResult, restoreTest } from '../restore-test.ts';
import { saveRestoreTest } from '../restore-test-records.ts';
import { TOOL_VERSION } from '../version.ts';

export interface RestoreTestTask {
  readonly backup: Backup;
  readonly engine: Engine;
  /** URL of a database on the server where the scratch database is made; empty where there is no server. */
  readonly place: string;
  readonly actor: string;
}

/** What a restore test tells; the record beside the manifest says the same. */
export interface RestoreTestReport extends RestoreTestResult {
  readonly id: string;
  readonly database: string;
  readonly seconds: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Differences in all, by whether something explains them; `differences` has at most 200. */
  readonly explained: number;
  readonly different: number;
}

/** The engine of a backup, in general: of no database in particular. */
export function engineOf({ manifest }: Backup): Engine {
  return engineNamed(manifest.engine.name);
}

/**
 * Name of the configured database on whose server a restore test is made; `undefined` where there is no server.
 * @throws {CofreError} `CONFIRMATION_REQUIRED` where one is needed and none was chosen, `RESTORE_REFUSED` for one that the
 * engine has no use for
 */
export function requirePlace(
  backup: Backup,
  { into, here = false }: { readonly into?: string | undefined; readonly here?: boolean | undefined },
): string | undefined {
  const { urls, title } = engineOf(backup);
  const place = urls.kind === 'server' && here ? backup.database : into;
  if (urls.kind === 'server' && place === undefined) {
    throw new CofreError(
      'CONFIRMATION_REQUIRED',
      'On which server? A restore test takes room and log there.',
      { hint: 'Give "into", the name of a configured database, or "here" for the own server of this one.' },
    );
  }
  if (urls.kind === 'file' && place !== undefined) {
    const message = `${title} has no server: its restores are tested in a temporary folder.`;
    throw new CofreError('RESTORE_REFUSED', message, { hint: 'Leave "into" out. Nothing was done.' });
  }
  return place;
}

/**
 * The configured database `name` as the place of a restore test.
 * @throws {CofreError} `DATABASE_UNKNOWN`, `SECRET_UNAVAILABLE`; `RESTORE_REFUSED` when it is of another engine
 */
export async function openPlace(
  cofre: Cofre,
  backup: Backup,
  name: string | undefined,
): Promise<Pick<RestoreTestTask, 'engine' | 'place'>> {
  if (name === undefined) return { engine: engineOf(backup), place: '' };
  return placeAt(backup, await cofre.database(name));
}

/** @throws {CofreError} `RESTORE_REFUSED` for a database of another engine */
export function placeAt(
  { id, manifest }: Backup,
  database: Database,
): Pick<RestoreTestTask, 'engine' | 'place'> {
  requireSameEngine({ label: id, manifest }, database);
  return { engine: database.engine, place: database.url };
}

/**
 * A restore test as a job, beside whatever else runs: it takes no lease of the database that the backup is of. Of its
 * scratch database, the server itself knows for how long somebody works in it; docs/decisions/0014.
 */
export async function runRestoreTest(
  cofre: Cofre,
  task: RestoreTestTask,
  options: Omit<JobOptions, 'exclusive'>,
  queued?: Job,
): Promise<RestoreTestReport> {
  const { backup, engine, place, actor } = task;
  const job = queued ?? { kind: 'restore-test', database: backup.database, trigger: 'manual', actor };
  return await runJob(cofre, job, { ...options, exclusive: false }, async (context) => {
    const began = cofre.clock.now();
    const found = await restoreTest(cofre, { backup, engine, place }, context);
    const report = reportOf(backup, found, began, cofre.clock.now());
    const kept = await saveRestoreTest(cofre.store, backup, recordOf(task, report));
    return kept ? report : { ...report, warnings: [...report.warnings, GONE] };
  });
}

const GONE = 'The backup was removed while it was tested: no record of the test is kept.';

function reportOf(
  { id, database }: Backup,
  found: RestoreTestResult,
  began: Date,
  ended: Date,
): RestoreTestReport {
  const different = found.differences.filter(({ explained }) => explained === null).length;
  return {
    id,
    database,
    ...found,
    seconds: (ended.getTime() - began.getTime()) / 1_000,
    startedAt: began.toISOString(),
    finishedAt: ended.toISOString(),
    different,
    explained: found.differences.length - different,
    differences: found.differences.slice(0, MOST_DIFFERENCES),
  };
}

function recordOf({ backup, engine, actor }: RestoreTestTask, report: RestoreTestReport): RestoreTestRecord {
  const { id, database: _, serverVersion, differences, warnings, ...rest } = report;
  return {
    format: 1,
    id,
    sha256: backup.manifest.archive.sha256,
    ...rest,
    engine: { name: engine.name, version: serverVersion },
    tool: { name: 'cofre', version: TOOL_VERSION },
    actor,
    warnings: [...warnings],
    differences: [...differences],
  };
}
