import type { BackupEvent } from '../../functions/events.ts';
import type { Cofre } from '../../lib/cofre.ts';
import { toCofreError } from '../../lib/errors.ts';
import { expire, JOB_DAYS } from '../../lib/prune.ts';
import { parseSchedule } from '../../lib/schedule.ts';

/** A timer of Node holds at most 24.8 days; and after a suspend the clock should soon be looked at, ms. */
const LONGEST_SLEEP_MS = 60_000;
const HOUSEKEEPING_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * On one machine, what EventBridge and S3's lifecycle rules do in AWS: runs each database's schedule, and hourly
 * removes what has expired. Returns when `signal` fires.
 */
export async function runSchedules(
  cofre: Cofre,
  backup: (event: BackupEvent) => Promise<unknown>,
  anchor: Date,
  signal: AbortSignal,
): Promise<void> {
  const schedules = Object.entries(cofre.config.databases).flatMap(([database, { schedule }]) =>
    schedule === undefined ? [] : [{ database, schedule }],
  );
  await Promise.all([
    ...schedules.map(({ database, schedule }) =>
      runSchedule(cofre, database, schedule, backup, anchor, signal),
    ),
    keepHouse(cofre, signal),
  ]);
}

async function runSchedule(
  cofre: Cofre,
  database: string,
  expression: string,
  backup: (event: BackupEvent) => Promise<unknown>,
  anchor: Date,
  signal: AbortSignal,
): Promise<void> {
  const schedule = parseSchedule(expression);
  for (
    let next = schedule.next(cofre.clock.now(), anchor);
    next;
    next = schedule.next(cofre.clock.now(), anchor)
  ) {
    if (!(await sleepUntil(cofre, next, signal))) return;
    await guarded(cofre, 'A scheduled backup failed.', () =>
      backup({ database, trigger: 'schedule', actor: 'schedule' }),
    );
  }
}

async function keepHouse(cofre: Cofre, signal: AbortSignal): Promise<void> {
  for (;;) {
    await guarded(cofre, 'Housekeeping failed.', async () => {
      const removed = await expire(cofre, cofre.config.retention);
      if (removed.length > 0) cofre.logger.info('Expired objects were removed.', { removed });
      await cofre.journal.clear(new Date(cofre.clock.now().getTime() - JOB_DAYS * DAY_MS));
    });
    const next = new Date(cofre.clock.now().getTime() + HOUSEKEEPING_MS);
    if (!(await sleepUntil(cofre, next, signal))) return;
  }
}

/** False when the signal fired first. */
async function sleepUntil({ clock }: Cofre, time: Date, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const left = time.getTime() - clock.now().getTime();
    if (left <= 0) return !signal.aborted;
    await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal).catch(() => {});
    if (signal.aborted) return false;
  }
}

/** One failure must not end the schedule. */
async function guarded(cofre: Cofre, message: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, message: reason } = toCofreError(error);
    cofre.logger.error(message, { code, reason });
  }
}
