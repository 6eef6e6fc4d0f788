import type { PublicHealth } from './answers/database.ts';
import type { Backup } from './catalog.ts';
import type { Cofre } from './cofre.ts';
import { engineNameOf } from './engines/urls-of.ts';
import type { Job } from './jobs/job.ts';
import { newest } from './retention.ts';
import { parseSchedule } from './schedule.ts';
import { redactUrl } from './secrets.ts';
import { type BackupSummary, summarize } from './summary.ts';

export interface Health {
  readonly status: PublicHealth['status'];
  /** Of the last good backup. */
  readonly ageSeconds: number | null;
  readonly lastBackup: BackupSummary | null;
  readonly lastFailure: Job | null;
}

export interface DatabaseStatus {
  readonly name: string;
  readonly engine: string;
  /** Without secrets. */
  readonly source: string;
  readonly schedule: string | null;
  readonly nextRun: string | null;
  readonly health: Health;
  readonly running: Job | null;
}

/** Beyond the schedule's period, this much of it, but at least the least margin, still counts as on time. */
const MARGIN = 0.25;
const LEAST_MARGIN_MS = 15 * 60_000;

/**
 * The configured databases in their order. `anchor` is where rates count from: the start of the local schedule. EventBridge
 * does not tell; then (`null`) the last scheduled backup says when.
 */
export async function databaseStatuses(cofre: Cofre, anchor: Date | null): Promise<DatabaseStatus[]> {
  const { backups } = await cofre.catalog.scan();
  const jobs = await cofre.journal.list({ limit: 200 });
  return Object.entries(cofre.config.databases).map(([name, { url, schedule }]) => {
    const own = jobs.filter((job) => job.database === name);
    const last = newest(backups.filter((it) => it.database === name && it.trigger !== 'pre-restore'));
    return {
      name,
      engine: engineOf(url, cofre.env) ?? last?.manifest.engine.name ?? 'unknown',
      source: redactUrl(url),
      schedule: schedule ?? null,
      nextRun: schedule ? nextRun(schedule, cofre.clock.now(), anchor ?? lastRun(backups, name)) : null,
      health: healthOf(last, own, schedule, cofre.clock.now()),
      running: own.find((job) => job.status === 'running') ?? null,
    };
  });
}

/** By the URL's scheme; of a URL that is a secret as a whole, only the environment is looked at. */
function engineOf(url: string, env: Cofre['env']): string | undefined {
  const variable = /^\$\{env:([^}#]+)\}$/.exec(url)?.[1];
  return engineNameOf(variable === undefined ? url : (env[variable] ?? ''));
}

function nextRun(schedule: string, now: Date, anchor: Date | undefined): string | null {
  if (!anchor && schedule.startsWith('rate(')) return null;
  return (
    parseSchedule(schedule)
      .next(now, anchor ?? now)
      ?.toISOString() ?? null
  );
}

function lastRun(newestFirst: readonly Backup[], database: string): Date | undefined {
  return newestFirst.find((it) => it.database === database && it.trigger === 'schedule')?.startedAt;
}

function healthOf(
  last: Backup | undefined,
  jobs: readonly Job[],
  schedule: string | undefined,
  now: Date,
): Health {
  const failure = lastFailure(last, jobs);
  const age = last ? now.getTime() - Date.parse(last.manifest.finishedAt) : null;
  const late = schedule !== undefined && age !== null && age > limitOf(schedule);
  const status = failure ? 'failing' : age === null ? 'never' : late ? 'late' : 'ok';
  return {
    status,
    ageSeconds: age === null ? null : Math.round(age / 1_000),
    lastBackup: last ? summarize(last, true) : null,
    lastFailure: failure ?? null,
  };
}

/** The newest failed backup since the last good one. That a database was busy says nothing about its backups. */
function lastFailure(last: Backup | undefined, jobs: readonly Job[]): Job | undefined {
  return jobs.find(
    (job) =>
      job.kind === 'backup' &&
      job.status === 'failed' &&
      job.error?.code !== 'BUSY' &&
      (!last || job.createdAt > last.manifest.finishedAt),
  );
}

/** Age of the last good backup of a database, ms, or `null` without one. Safety copies do not count. */
export function goodBackupAge(backups: readonly Backup[], database: string, now: Date): number | null {
  const last = newest(backups.filter((it) => it.database === database && it.trigger !== 'pre-restore'));
  return last ? now.getTime() - Date.parse(last.manifest.finishedAt) : null;
}

/** How old the last good backup may become before it is late: the schedule's period and a margin, ms. */
export function limitOf(schedule: string): number {
  const { periodMs } = parseSchedule(schedule);
  return periodMs + Math.max(LEAST_MARGIN_MS, periodMs * MARGIN);
}
