import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backup } from '../../lib/backup.ts';
import { type Cofre, openCofre } from '../../lib/cofre.ts';
import { parseConfig } from '../../lib/config.ts';
import { CofreError, type ErrorCode } from '../../lib/errors.ts';
import { databaseStatuses } from '../../lib/health.ts';
import { newJobId } from '../../lib/jobs/job.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { freeContext, scriptedDatabase } from '../support/scripted-engine.ts';
import { makeWorkspace, silent, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let clock: FakeClock;
let cofre: Cofre;
const HOUR = 3_600_000;
const ANCHOR = new Date('2026-11-23T00:00:00Z');

beforeEach(() => {
  workspace = makeWorkspace();
  clock = fakeClock('2026-11-23T12:00:00Z');
  const databases = {
    shop: { url: 'postgres://ana:hunter2@host/shop', schedule: 'rate(6 hours)' },
    blog: { url: 'sqlite:./blog.sqlite3' },
  };
  const config = parseConfig({ databases }, workspace.folder, 'the test');
  cofre = openCofre({ config, env: {}, logger: silent, clock });
});
afterEach(() => workspace.remove());

const statusOf = async (name: string) =>
  (await databaseStatuses(cofre, ANCHOR)).find((it) => it.name === name)!;
const healthOf = async (name: string) => (await statusOf(name)).health;
const wanted = { kind: 'backup', database: 'shop', trigger: 'schedule', actor: 'schedule' } as const;

async function succeed(trigger: 'schedule' | 'pre-restore' = 'schedule') {
  const request = {
    database: scriptedDatabase('shop'),
    compression: 'zstd',
    trigger,
    actor: 'test',
  } as const;
  const made = await backup(cofre, request, freeContext);
  clock.advance(1_000);
  return made;
}

async function fail(code: ErrorCode = 'SOURCE_FAILED', kind: 'backup' | 'restore' = 'backup') {
  const job = await cofre.journal.begin({ ...wanted, kind }, newJobId(clock.now()));
  clock.advance(1_000);
  return await cofre.journal.fail(job, new CofreError(code, 'It broke.'));
}

test('where nobody knows what a rate counts from, the last scheduled backup says it', async () => {
  const nextOf = async () => (await databaseStatuses(cofre, null))[0]!.nextRun;
  expect(await nextOf()).toBeNull();
  const { startedAt } = await succeed();
  expect(await nextOf()).toBe(new Date(startedAt.getTime() + 6 * HOUR).toISOString());
});

test('the databases are told in the order of the configuration, without secrets, with their next run', async () => {
  const [shop, blog] = await databaseStatuses(cofre, ANCHOR);
  expect(shop).toMatchObject({ name: 'shop', engine: 'postgres', source: 'postgres://ana:***@host/shop' });
  expect(shop).toMatchObject({
    schedule: 'rate(6 hours)',
    nextRun: '2026-11-23T18:00:00.000Z',
    running: null,
  });
  expect(blog).toMatchObject({ name: 'blog', engine: 'sqlite', schedule: null, nextRun: null });
});

describe('health', () => {
  test('is "never" until there is a backup', async () => {
    expect(await healthOf('shop')).toEqual({
      status: 'never',
      ageSeconds: null,
      lastBackup: null,
      lastFailure: null,
    });
  });

  test('is "ok" for the schedule’s period and a quarter of it, then "late"', async () => {
    const made = await succeed();
    clock.set(new Date(Date.parse(made.manifest.finishedAt) + 7.5 * HOUR));
    expect(await healthOf('shop')).toMatchObject({
      status: 'ok',
      ageSeconds: 27_000,
      lastBackup: { id: made.id },
    });
    clock.advance(1);
    expect((await healthOf('shop')).status).toBe('late');
  });

  test('without a schedule is never late', async () => {
    const request = {
      database: scriptedDatabase('blog'),
      compression: 'zstd',
      trigger: 'manual',
      actor: 'test',
    } as const;
    await backup(cofre, request, freeContext);
    clock.advance(10_000 * HOUR);
    expect((await healthOf('blog')).status).toBe('ok');
  });

  test('is "failing" from a failure until the next success, however old the last good backup is', async () => {
    const made = await succeed();
    const failed = await fail();
    expect(await healthOf('shop')).toMatchObject({
      status: 'failing',
      lastBackup: { id: made.id },
      lastFailure: { id: failed.id, error: { code: 'SOURCE_FAILED' } },
    });
    await succeed();
    expect(await healthOf('shop')).toMatchObject({ status: 'ok', lastFailure: null });
  });

  test('is "failing" when the first backup of all failed', async () => {
    await fail();
    expect((await healthOf('shop')).status).toBe('failing');
  });

  test('counts a worker that died as a failure', async () => {
    await succeed();
    const job = await cofre.journal.begin(wanted, newJobId(clock.now()));
    expect(await statusOf('shop')).toMatchObject({ health: { status: 'ok' }, running: { id: job.id } });
    clock.advance(31_000);
    const lost = { status: 'failing', lastFailure: { error: { code: 'WORKER_LOST' } } };
    expect(await statusOf('shop')).toMatchObject({ health: lost, running: null });
  });

  test('does not mind a failed restore, a busy database, or another database', async () => {
    await succeed();
    await fail('TARGET_BUSY', 'restore');
    await fail('BUSY');
    expect((await healthOf('shop')).status).toBe('ok');
    expect((await healthOf('blog')).status).toBe('never');
  });

  test('does not take a safety backup for a good backup', async () => {
    await succeed('pre-restore');
    expect((await healthOf('shop')).status).toBe('never');
  });
});
