import type { Compression } from '../archive/compression.ts';
import type { Trigger } from '../archive/manifest.ts';
import { backup, type Database } from '../backup.ts';
import type { Backup } from '../catalog.ts';
import type { Cofre } from '../cofre.ts';
import { CofreError, toCofreError } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { type JobContext, type JobOptions, runJob } from '../jobs/run.ts';
import { prune } from '../prune.ts';
import { newest } from '../retention.ts';
import { type BackupSummary, summarize } from '../summary.ts';
import { sendBackup, sendFailure } from './mail.ts';

export interface BackupTask {
  readonly database: Database;
  readonly compression: Compression;
  readonly trigger: Trigger;
  readonly actor: string;
  /** After success, remove backups older than so many days. */
  readonly days?: number | undefined;
  /** Mail the backup to these, or to the configuration's when empty; absent: no mail. */
  readonly recipients?: readonly string[] | undefined;
}

export interface BackupReport extends BackupSummary {
  /** Ids that `days` removed. */
  readonly removed: readonly string[];
  /** Addresses that got a mail. */
  readonly mailed: readonly string[];
  readonly warnings: readonly string[];
}

/** A whole run: the backup as a job, then what was asked for afterwards. `queued` is its job when there is one. */
export async function runBackup(
  cofre: Cofre,
  task: BackupTask,
  options: Omit<JobOptions, 'exclusive'>,
  queued?: Job,
): Promise<BackupReport> {
  const { database, trigger, actor, recipients } = task;
  const job = queued ?? { kind: 'backup', database: database.name, trigger, actor };
  try {
    return await runJob(cofre, job, { ...options, exclusive: true }, async (context) => {
      const made = await backup(cofre, task, context);
      return await afterwards(cofre, task, made, context);
    });
  } catch (error) {
    if (recipients && toCofreError(error).code !== 'MAIL_FAILED')
      await tellFailure(cofre, database.name, recipients, error);
    throw error;
  }
}

async function afterwards(
  cofre: Cofre,
  task: BackupTask,
  made: Backup,
  job: JobContext,
): Promise<BackupReport> {
  try {
    const removed =
      task.days === undefined ? [] : await removeOlder(cofre, task.database.name, task.days, job);
    const mailed = task.recipients ? await mail(cofre, made, task.recipients, job) : [];
    const { backups } = await cofre.catalog.scan(made.database);
    const held = newest(backups)?.id === made.id;
    return { ...summarize(made, held), removed, mailed, warnings: made.manifest.warnings };
  } catch (error) {
    const { code, message, hint } = toCofreError(error);
    throw new CofreError(code, `The backup ${made.id} is whole and listed, but: ${message}`, {
      cause: error,
      ...(hint !== undefined && { hint }),
    });
  }
}

async function removeOlder(cofre: Cofre, database: string, days: number, job: JobContext): Promise<string[]> {
  job.report({ phase: 'retention' });
  const { decisions } = await prune(cofre, { database, policy: { days }, dryRun: false });
  return decisions.filter((it) => it.action === 'remove').map((it) => it.backup.id);
}

async function mail(
  cofre: Cofre,
  made: Backup,
  recipients: readonly string[],
  job: JobContext,
): Promise<string[]> {
  job.report({ phase: 'mail' });
  return [...(await sendBackup(cofre, made, recipients))];
}

/** The backup's own failure is what counts; that its mail failed too is only logged. */
async function tellFailure(
  cofre: Cofre,
  database: string,
  recipients: readonly string[],
  error: unknown,
): Promise<void> {
  try {
    await sendFailure(cofre, database, recipients, error);
  } catch (cause) {
    cofre.logger.error('The failure could not be mailed.', { error: toCofreError(cause).message });
  }
}
