import type { Trigger } from './archive/manifest.ts';
import type { PrunePolicy } from './requests/prune.ts';

/**
 * Retention classes: the values of the objects' `retention` tag, each with one expiry rule. `hold` is worn by the
 * newest whole backup of each database instead of its own class, and never expires.
 */
export const RETENTION_CLASSES = ['daily', 'weekly', 'monthly', 'yearly', 'manual', 'pre-restore'] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];
export const HOLD = 'hold';

/** Days until objects of each class expire. */
export type RetentionDays = Readonly<Record<RetentionClass, number>>;

export const DEFAULT_RETENTION: RetentionDays = {
  daily: 14,
  weekly: 60,
  monthly: 400,
  yearly: 1_900,
  manual: 90,
  'pre-restore': 30,
};

const DAY = 86_400_000;

/** What retention needs to know of a backup. */
export interface Dated {
  readonly id: string;
  readonly startedAt: Date;
  readonly trigger: Trigger;
}

/**
 * Class of a backup that starts now: a scheduled one is the year's, the month's or the ISO week's when there is none
 * yet in it (in UTC), else the day's.
 */
export function classFor(trigger: Trigger, now: Date, earlier: readonly Dated[]): RetentionClass {
  if (trigger !== 'schedule') return trigger;
  const scheduled = earlier.filter((it) => it.trigger === 'schedule');
  const firstIn = (period: (date: Date) => string) =>
    !scheduled.some((it) => period(it.startedAt) === period(now));
  if (firstIn(year)) return 'yearly';
  if (firstIn(month)) return 'monthly';
  return firstIn(week) ? 'weekly' : 'daily';
}

const year = (date: Date) => date.toISOString().slice(0, 4);
const month = (date: Date) => date.toISOString().slice(0, 7);

/** The Thursday of the week, which names its year too (ISO 8601). */
function week(date: Date): string {
  const day = Math.floor(date.getTime() / DAY);
  const sinceMonday = (day + 3) % 7;
  return new Date((day - sinceMonday + 3) * DAY).toISOString().slice(0, 10);
}

/**
 * The backup to hold: the newest one that somebody wanted. A safety backup made before a restore may hold just what
 * the restore was to undo, so it counts only when there is no other.
 */
export function newest<T extends Dated>(backups: readonly T[]): T | undefined {
  const sorted = newestFirst(backups);
  return sorted.find((it) => it.trigger !== 'pre-restore') ?? sorted[0];
}

export function newestFirst<T extends Dated>(backups: readonly T[]): T[] {
  return backups.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1));
}

export interface Decision<T> {
  readonly backup: T;
  readonly action: 'keep' | 'remove';
  /** For people, in English. */
  readonly reason: string;
}

/** Decides over the backups of one database, newest first. The newest whole one always stays. */
export function decide<T extends Dated>(
  backups: readonly T[],
  policy: PrunePolicy,
  now: Date,
): Decision<T>[] {
  const held = newest(backups);
  return newestFirst(backups).map((backup, index) => {
    if (backup === held)
      return { backup, action: 'keep', reason: 'the newest whole backup is never removed' };
    const { keep, reason } =
      'days' in policy ? byAge(backup, policy.days, now) : byRank(index + 1, policy.keepLast);
    return { backup, action: keep ? 'keep' : 'remove', reason };
  });
}

function byAge(backup: Dated, days: number, now: Date): { keep: boolean; reason: string } {
  const age = (now.getTime() - backup.startedAt.getTime()) / DAY;
  const shown = `${Math.floor(age * 10) / 10} days old`;
  return age <= days
    ? { keep: true, reason: `${shown}, not older than ${days}` }
    : { keep: false, reason: `${shown}, older than ${days}` };
}

function byRank(rank: number, keepLast: number): { keep: boolean; reason: string } {
  return rank <= keepLast
    ? { keep: true, reason: `number ${rank} of the newest ${keepLast}` }
    : { keep: false, reason: `number ${rank}, beyond the newest ${keepLast}` };
}

/** Whether an object with this tag has expired: what a lifecycle rule does in S3, for stores that have none. */
export function hasExpired(
  tag: string | undefined,
  modifiedAt: Date,
  days: RetentionDays,
  now: Date,
): boolean {
  const limit = RETENTION_CLASSES.find((name) => name === tag);
  return limit !== undefined && now.getTime() - modifiedAt.getTime() > days[limit] * DAY;
}
