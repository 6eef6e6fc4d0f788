import type { ListedBackup } from '../../../lib/answers/backup.ts';
import type { PublicDatabase, PublicHealth } from '../../../lib/answers/database.ts';
import type { DownloadUrl } from '../../../lib/answers/download-url.ts';
import type { JobProgress, PublicJob } from '../../../lib/answers/job.ts';
import type { PruneReport, PruneRow } from '../../../lib/answers/prune.ts';
import type { StartRestore } from '../../../lib/requests/restore.ts';

/** What the page asks and the API answers, by the descriptions that `functions/openapi.json` is written from. */
export type { BackupDetail, BackupPage, DamagedBackup as Damaged } from '../../../lib/answers/backup.ts';
export type { DownloadUrl } from '../../../lib/answers/download-url.ts';
export type { PrunePolicy } from '../../../lib/requests/prune.ts';
export type { Me } from '../../access/me.ts';

export type Backup = ListedBackup;
export type Trigger = Backup['trigger'];
export type TestResult = NonNullable<Backup['restoreTest']>['result'];
export type Form = DownloadUrl['form'];

export type Database = PublicDatabase;
export type HealthStatus = PublicHealth['status'];

export type Job = PublicJob;
export type JobKind = Job['kind'];
export type JobStatus = Job['status'];
export type JobError = NonNullable<Job['error']>;
export type Progress = JobProgress;
export type Phase = Progress['phase'];

export type PruneResult = PruneReport;
export type PruneDecision = PruneRow;

export type RestoreRequest = Pick<StartRestore, 'database' | 'backup' | 'confirm' | 'safetyBackup'>;

/** Whether a job has still to come to its end. */
export function isActive(job: Job): boolean {
  return job.status === 'queued' || job.status === 'running';
}
