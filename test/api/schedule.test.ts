import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackupHandler } from '../../functions/backup.ts';
import { makeSampleDatabase } from '../../infra/local/sample.ts';
import { runSchedules } from '../../infra/local/scheduler.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Cofre, openCofre } from '../../lib/cofre.ts';
import { parseConfig } from '../../lib/config.ts';
import type { Logger } from '../../lib/logger.ts';
import { summarizeAll } from '../../lib/summary.ts';
import { type FastClock, fastClock } from './fast-clock.ts';

const SIZE = { users: 10, tickets: 10, commentsPerTicket: 2 };
// All dates are in the past: housekeeping compares them with the times of files, which are of today.
let folder: string;
let log: { level: string; message: string; fields: unknown }[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-schedule-'));
  log = [];
  makeSampleDatabase(join(folder, 'desk.sqlite3'), SIZE);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(databases: object, clock: Clock, retention: object = {}): Cofre {
  const config = parseConfig({ store: './backups', databases, retention }, folder, 'the test');
  const note = (level: string) => (message: string, fields?: unknown) =>
    void log.push({ level, message, fields });
  const logger: Logger = { info: note('info'), warn: note('warn'), error: note('error') };
  return openCofre({ config, env: {}, logger, clock });
}

async function run(cofre: Cofre, clock: FastClock): Promise<void> {
  await runSchedules(cofre, createBackupHandler(cofre, clock.signal), clock.now(), clock.signal);
}

async function listed(cofre: Cofre, database: string) {
  const summaries = summarizeAll((await cofre.catalog.scan(database)).backups).toReversed();
  return summaries.map((it) => [it.startedAt.slice(0, 16), it.trigger, it.retention, it.held]);
}

describe('the schedule of a database', () => {
  it('makes backups when it says, each of its class, the newest held', async () => {
    const clock = fastClock('2024-12-29T12:00:00Z', '2025-01-03T12:00:00Z', 2);
    const cofre = open({ desk: { url: 'sqlite:./desk.sqlite3', schedule: 'cron(0 2 * * ? *)' } }, clock);
    await run(cofre, clock);
    expect(await listed(cofre, 'desk')).toEqual([
      ['2024-12-30T02:00', 'schedule', 'yearly', false],
      ['2024-12-31T02:00', 'schedule', 'daily', false],
      ['2025-01-01T02:00', 'schedule', 'yearly', false],
      ['2025-01-02T02:00', 'schedule', 'daily', false],
      ['2025-01-03T02:00', 'schedule', 'daily', true],
    ]);
    const jobs = await cofre.journal.list({ limit: 10 });
    expect(new Set(jobs.map((it) => `${it.status} ${it.actor}`))).toEqual(new Set(['succeeded schedule']));
  });

  it('counts rates from its start', async () => {
    const clock = fastClock('2024-11-23T10:30:00Z', '2024-11-23T12:31:00Z', 2);
    const cofre = open({ desk: { url: 'sqlite:./desk.sqlite3', schedule: 'rate(1 hour)' } }, clock);
    await run(cofre, clock);
    expect((await listed(cofre, 'desk')).map(([at]) => at)).toEqual(['2024-11-23T11:30', '2024-11-23T12:30']);
  });

  it('goes on after a failure, of its own and of another database', async () => {
    const clock = fastClock('2024-11-23T00:00:00Z', '2024-11-23T05:30:00Z', 3);
    const rate = { schedule: 'rate(1 hour)' };
    const cofre = open(
      { late: { url: 'sqlite:./late.sqlite3', ...rate }, desk: { url: 'sqlite:./desk.sqlite3', ...rate } },
      clock,
    );
    const backup = createBackupHandler(cofre, clock.signal);
    // The database appears after its second run.
    const appearing: typeof backup = async (event) => {
      if (clock.now() >= new Date('2024-11-23T03:00:00Z'))
        makeSampleDatabase(join(folder, 'late.sqlite3'), SIZE);
      return await backup(event);
    };
    await runSchedules(cofre, appearing, clock.now(), clock.signal);
    expect((await listed(cofre, 'late')).map(([at]) => at)).toEqual([
      '2024-11-23T03:00',
      '2024-11-23T04:00',
      '2024-11-23T05:00',
    ]);
    expect(await listed(cofre, 'desk')).toHaveLength(5);
    const errors = log.filter((it) => it.level === 'error');
    expect(errors).toMatchObject(
      Array(2).fill({ message: 'A scheduled backup failed.', fields: { code: 'SOURCE_NOT_FOUND' } }),
    );
  });

  it('takes compression and days from the configuration', async () => {
    const clock = fastClock('2024-11-23T00:00:00Z', '2024-11-26T00:30:00Z', 2);
    const settings = { schedule: 'rate(1 day)', compression: 'none', days: 1 };
    const cofre = open({ desk: { url: 'sqlite:./desk.sqlite3', ...settings } }, clock);
    await run(cofre, clock);
    const { backups } = await cofre.catalog.scan('desk');
    expect(backups.map((it) => it.manifest.archive.compression)).toEqual(['none', 'none']);
  });
});

describe('housekeeping', () => {
  /** The store tells an object's age by its file's time. */
  const age = async (cofre: Cofre, keys: readonly string[], days: number) => {
    const time = new Date(cofre.clock.now().getTime() - days * 86_400_000);
    for (const key of keys) await utimes(join(folder, 'backups', key), time, time);
  };

  it('removes what has expired, never the newest whole one, and tells of it', async () => {
    const clock = fastClock('2024-11-04T00:00:00Z', '2024-11-07T00:30:00Z', 2);
    const cofre = open({ desk: { url: 'sqlite:./desk.sqlite3', schedule: 'rate(1 day)' } }, clock, {
      daily: 2,
    });
    await run(cofre, clock);
    const before = (await cofre.catalog.scan('desk')).backups;
    expect(before.map((it) => it.manifest.retention)).toEqual(['daily', 'daily', 'yearly']);
    for (const it of before) await age(cofre, [it.key, it.manifestKey], 100);
    const later = fastClock('2024-11-07T00:31:00Z', '2024-11-07T00:32:00Z', 1);
    await run(open({}, later, { daily: 2 }), later);
    const left = (await cofre.catalog.scan('desk')).backups.map((it) => it.id);
    expect(left).toEqual([before[0]!.id, before[2]!.id]);
    const told = log.find((it) => it.message === 'Expired objects were removed.');
    expect(told?.fields).toEqual({ removed: [before[1]!.manifestKey, before[1]!.key] });
  });

  it('removes records of old jobs', async () => {
    const clock = fastClock('2024-11-04T00:00:00Z', '2024-11-05T00:30:00Z', 2);
    const cofre = open({ desk: { url: 'sqlite:./desk.sqlite3', schedule: 'rate(1 day)' } }, clock);
    await run(cofre, clock);
    const [job] = await cofre.journal.list({ limit: 1 });
    await age(cofre, [`jobs/${job!.id}.json`], 31);
    const later = fastClock('2024-11-05T00:31:00Z', '2024-11-05T00:32:00Z', 1);
    await run(open({}, later), later);
    await expect(cofre.journal.get(job!.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
