import type { Page } from 'playwright-core';
import type { Backup, Damaged, Database, Job } from '../../functions/admin/page/types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Answers of the API for states that the real product takes days to reach. */
export interface Canned {
  databases: Database[];
  backups: Backup[];
  damaged: Damaged[];
  jobs: Job[];
}

/** Answers from `canned`, which may be changed later, in place of the API; everything else is the real product. */
export async function serveCanned(page: Page, canned: Canned): Promise<void> {
  const { databases, jobs } = canned;
  await page.route('**/api/databases', (route) => route.fulfill({ json: { databases } }));
  await page.route('**/api/jobs?*', (route) => route.fulfill({ json: { jobs } }));
  await page.route('**/api/backups?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const all = canned.backups.filter(({ database }) => database === (query.get('database') ?? database));
    const start = Number(query.get('cursor') ?? 0);
    const end = start + Number(query.get('limit'));
    const nextCursor = end < all.length ? String(end) : null;
    return route.fulfill({ json: { backups: all.slice(start, end), damaged: canned.damaged, nextCursor } });
  });
}

/** A small company's databases: one of each health, and one job under way. */
export function company(): Canned {
  const helpdesk = history('helpdesk', 60, 2 * HOUR, 12.3e6);
  const billing = history('billing', 20, 3 * DAY, 840e6);
  const running = job('billing', {
    status: 'running',
    finishedAt: null,
    progress: {
      phase: 'dump',
      table: 'public.invoices',
      rows: 1_234_567,
      bytes: 340e6,
      totalBytes: 1_200e6,
      secondsLeft: 21,
      note: null,
    },
  });
  const failed = job('reports', {
    status: 'failed',
    actor: 'schedule',
    error: {
      code: 'SOURCE_NOT_FOUND',
      message: 'There is no file /srv/reports/reports.sqlite3.',
      hint: 'Check the address in the configuration.',
    },
  });
  return {
    databases: [
      database('helpdesk', 'ok', 'sqlite:/srv/helpdesk/helpdesk.sqlite3', 'cron(0 2 * * ? *)', helpdesk[0]),
      database('billing', 'late', 'postgres://backup@db.example.com/billing', 'rate(6 hours)', billing[0]),
      {
        ...database('reports', 'failing', 'sqlite:/srv/reports/reports.sqlite3', 'cron(30 3 ? * MON-FRI *)'),
        health: { status: 'failing', ageSeconds: null, lastBackup: null, lastFailure: failed },
      },
      database('archive', 'never', 'mysql://backup@db.example.com/archive', null),
    ],
    backups: [...helpdesk, ...billing].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
    damaged: [],
    jobs: [running, job('helpdesk', { kind: 'verify' }), failed, job('helpdesk', { kind: 'restore' })],
  };
}

const ENGINES = ['sqlite', 'postgres', 'mysql'] as const;

function database(
  name: string,
  status: 'ok' | 'late' | 'failing' | 'never',
  source: string,
  schedule: string | null,
  lastBackup: Backup | null = null,
): Database {
  const nextRun = schedule && at(-6 * HOUR);
  const health = { status, ageSeconds: null, lastBackup, lastFailure: null };
  const engine = ENGINES.find((it) => source.startsWith(it)) ?? 'unknown';
  return { name, engine, source, schedule, nextRun, health, running: null };
}

/** Daily backups, the newest first, of a database that grows. */
function history(name: string, count: number, newestAge: number, size: number): Backup[] {
  return Array.from({ length: count }, (_, index) => {
    const growth = (1 - index * 0.008) * (1 + 0.03 * Math.sin(index * 1.3));
    return backup(name, newestAge + index * DAY, Math.round(size * growth), index === 0);
  });
}

function backup(database: string, age: number, size: number, held: boolean): Backup {
  const startedAt = at(age);
  const stamp = startedAt.replaceAll(/[-:]|\.\d+Z/g, '').replace('T', '_');
  const [plainName, fileName] = [`db_backup_${stamp}.sqlite3`, `db_backup_${stamp}.sqlite3.zst`];
  return {
    id: `${database}-${stamp.replace('_', '-')}`,
    database,
    engine: 'sqlite',
    engineVersion: '3.53.4',
    trigger: 'schedule',
    actor: 'schedule',
    startedAt,
    finishedAt: at(age - 8_000),
    seconds: 8,
    size,
    rawSize: Math.round(size * 3.4),
    rows: Math.round(size / 180),
    sha256: '5505f043dbd98b50025853af37e33a08624488fdec27fe648cf5f39948b127df',
    compression: 'zstd',
    retention: 'daily',
    held,
    key: `${database}/${fileName}`,
    manifestKey: `${database}/db_backup_${stamp}.json`,
    fileName,
    plainName,
    restoreTest: null,
  };
}

function job(database: string, change: Partial<Job>): Job {
  return {
    id: `job-${database}-${change.kind ?? 'backup'}`,
    kind: 'backup',
    database,
    status: 'succeeded',
    trigger: 'manual',
    actor: 'maria@example.com',
    createdAt: at(2 * HOUR),
    startedAt: at(2 * HOUR),
    finishedAt: at(2 * HOUR - 42_000),
    progress: null,
    error: null,
    result: null,
    ...change,
  };
}

/** A time so many ms ago. */
function at(age: number): string {
  return new Date(Date.now() - age).toISOString();
}
