/** What the API answers, as `functions/openapi.json` describes it. */

export type HealthStatus = 'ok' | 'late' | 'failing' | 'never';
export type JobKind = 'backup' | 'restore' | 'verify' | 'restore-test';
/** What a restore test found; see docs/restore.md. */
export type TestResult = 'equal' | 'explained' | 'different';
export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed';
export type Trigger = 'manual' | 'schedule' | 'pre-restore';
export type Compression = 'zstd' | 'gzip' | 'none';
export type Form = 'plain' | 'stored';
export type Phase =
  | 'inspect'
  | 'safety-backup'
  | 'dump'
  | 'check'
  | 'upload'
  | 'commit'
  | 'read'
  | 'load'
  | 'verify'
  | 'install'
  | 'retention'
  | 'mail'
  | 'done';

/** Who is looking, and what they may do. */
export interface Me {
  readonly name: string | null;
  readonly role: 'viewer' | 'admin';
}

export interface Database {
  readonly name: string;
  readonly engine: string;
  readonly source: string;
  readonly schedule: string | null;
  readonly nextRun: string | null;
  readonly health: Health;
  readonly running: Job | null;
}

export interface Health {
  readonly status: HealthStatus;
  readonly ageSeconds: number | null;
  readonly lastBackup: Backup | null;
  readonly lastFailure: Job | null;
}

export interface Backup {
  readonly id: string;
  readonly database: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly trigger: Trigger;
  readonly actor: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  readonly size: number;
  readonly rawSize: number;
  readonly rows: number;
  readonly sha256: string;
  readonly compression: Compression;
  readonly retention: string;
  readonly held: boolean;
  readonly key: string;
  readonly fileName: string;
  readonly plainName: string;
}

export interface BackupDetail extends Backup {
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly frames: number;
  readonly toolVersion: string;
}

/** A manifest that is not a whole backup. */
export interface Damaged {
  readonly key: string;
  readonly database: string;
  readonly message: string;
}

export interface BackupPage {
  readonly backups: readonly Backup[];
  readonly damaged: readonly Damaged[];
  readonly nextCursor: string | null;
}

export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly database: string;
  readonly status: JobStatus;
  readonly trigger: string;
  readonly actor: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress: Progress | null;
  readonly error: JobError | null;
  /** Of a restore test, among other things, what it found. */
  readonly result?: { readonly result?: TestResult } | null;
}

export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface Progress {
  readonly phase: Phase;
  readonly table: string | null;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly totalBytes: number | null;
  readonly secondsLeft: number | null;
  /** Absent in jobs of older versions. */
  readonly note?: string | null;
}

export interface DownloadUrl {
  readonly url: string;
  readonly fileName: string;
  readonly form: Form;
  readonly size: number;
}

export interface PruneResult {
  readonly dryRun: boolean;
  readonly decisions: readonly PruneDecision[];
  readonly removed: number;
  readonly freedBytes: number;
  /** Databases that restores by swap had kept, and that go with the backups. */
  readonly replaced: readonly { readonly name: string }[];
}

export interface PruneDecision {
  readonly id: string;
  readonly startedAt: string;
  readonly size: number;
  readonly action: 'keep' | 'remove';
  readonly reason: string;
}

/** How `prune` chooses: one of the two. */
export type PrunePolicy = { readonly days: number } | { readonly keepLast: number };

export interface RestoreRequest {
  readonly database: string;
  readonly backup: string;
  readonly confirm: string;
  readonly safetyBackup: boolean;
}

/** Whether a job has still to come to its end. */
export function isActive(job: Job): boolean {
  return job.status === 'queued' || job.status === 'running';
}
