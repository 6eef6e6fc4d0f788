import type { Database } from '../backup.ts';
import type { Cofre } from '../cofre.ts';
import type { LoadMode, UndoOptions } from '../engines/engine.ts';
import { CofreError } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { type JobContext, type JobOptions, runJob } from '../jobs/run.ts';
import { type RestoreRequest, requireRestorable, restore } from '../restore.ts';
import { type RestoreTablesRequest, requireTables, restoreTables } from '../restore-tables.ts';
import { redactUrl } from '../secrets.ts';
import { requireUndo, undo } from '../undo.ts';

/** What every kind of restore tells; `target` is a URL without secrets. */
interface Told {
  readonly database: string;
  readonly target: string;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

export interface RestoreReport extends Told {
  /** Id of the backup, or path of the file, that was restored. */
  readonly id: string;
  readonly mode: LoadMode;
  readonly rows: number;
  readonly tables: number;
  /** Id of the safety backup, `null` when none was made. */
  readonly safetyBackup: string | null;
}

/** How a job is run, and the record of the one that the API made, if it did. */
type Run = Omit<JobOptions, 'exclusive'>;

/** A restore as a job. `queued` is its job when there is one. */
export async function runRestore(
  cofre: Cofre,
  task: RestoreRequest,
  options: Run,
  queued?: Job,
): Promise<RestoreReport> {
  const { source, target, actor } = task;
  requireRestorable(source, target, task.how ?? {});
  return await runOn(cofre, { target, actor }, options, queued, async (context) => {
    const { mode, rows, tables, safetyBackup, warnings } = await restore(cofre, task, context);
    return { id: source.label, mode, rows, tables: tables.length, safetyBackup, warnings };
  });
}

export interface RestoreTablesReport extends Told {
  readonly id: string;
  /** Whether rows of the live tables were replaced; else the tables lie beside them. */
  readonly replaced: boolean;
  readonly rows: number;
  readonly tables: number;
  /** Each table, with the name that its rows are under now. */
  readonly restored: readonly { readonly name: string; readonly rows: number; readonly restoredAs: string }[];
  readonly safetyBackup: string | null;
}

/** Brings single tables back as a job. */
export async function runRestoreTables(
  cofre: Cofre,
  task: RestoreTablesRequest,
  options: Run,
  queued?: Job,
): Promise<RestoreTablesReport> {
  const { source, target, actor, how } = task;
  requireTables(task);
  return await runOn(cofre, { target, actor }, options, queued, async (context) => {
    const { tables, rows, safetyBackup, warnings } = await restoreTables(cofre, task, context);
    const counts = { rows, tables: tables.length, restored: tables };
    return { id: source.label, replaced: how.replace ?? false, ...counts, safetyBackup, warnings };
  });
}

export interface UndoReport extends Told {
  /** What is in the database's place now. */
  readonly restored: string;
  /** The name under which what was there until now is kept. */
  readonly kept: string;
}

/** Undoes the latest restore by swap, as a job. */
export async function runUndo(
  cofre: Cofre,
  task: { readonly target: Database; readonly actor: string; readonly how?: UndoOptions },
  options: Run,
  queued?: Job,
): Promise<UndoReport> {
  const { target, actor, how } = task;
  requireUndo(target);
  return await runOn(cofre, { target, actor }, options, queued, async (context) => {
    const { restored, kept } = await undo(cofre, target, context, how);
    return { restored, kept, warnings: [] };
  });
}

/** Runs `work` as an exclusive job on the target, and adds to its result what all tell. */
async function runOn<T extends { readonly warnings: readonly string[] }>(
  cofre: Cofre,
  { target, actor }: { readonly target: Database; readonly actor: string },
  options: Run,
  queued: Job | undefined,
  work: (context: JobContext) => Promise<T>,
): Promise<T & Told> {
  const job = queued ?? { kind: 'restore', database: target.name, trigger: 'manual', actor };
  const began = cofre.clock.now().getTime();
  return await runJob(cofre, job, { ...options, exclusive: true }, async (context) => {
    const done = await work(context);
    const seconds = (cofre.clock.now().getTime() - began) / 1_000;
    return { ...done, database: target.name, target: redactUrl(target.url), seconds };
  });
}

/** @throws {CofreError} `CONFIRMATION_REQUIRED` unless `typed` is the database's name. */
export function requireConfirmation(database: string, typed: string | undefined): void {
  if (typed === database) return;
  throw new CofreError(
    'CONFIRMATION_REQUIRED',
    `Data of ${database} would be replaced: its name must be typed to confirm.`,
    { hint: `Type exactly "${database}". Nothing was changed.` },
  );
}
