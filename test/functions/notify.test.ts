import { rename } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAgesHandler } from '../../functions/ages.ts';
import { createBackupHandler } from '../../functions/backup.ts';
import { type Metric, metricLines } from '../../functions/metrics.ts';
import { createNotifyHandler } from '../../functions/notify.ts';
import { type Outcome, toOutcome } from '../../functions/outcome.ts';
import { silentLogger } from '../../lib/logger.ts';
import { openRoom, type Room } from './room.ts';

let room: Room;
let emitted: [string, Partial<Record<Metric, number>>][];
beforeEach(async () => {
  room = await openRoom({
    desk: { schedule: 'rate(1 hour)', email: true },
    size: { users: 500, tickets: 200, commentsPerTicket: 5 },
  });
  emitted = [];
});
afterEach(() => room[Symbol.asyncDispose]());

const never = new AbortController().signal;
const emit = (database: string, values: Partial<Record<Metric, number>>) =>
  void emitted.push([database, values]);
const notify = (event: object, responsePayload: unknown, condition = 'Success', name = 'backup') =>
  createNotifyHandler(
    room.cofre,
    emit,
  )({
    requestContext: { functionArn: `arn:aws:lambda:eu-west-1:1:function:cofre-${name}:$LATEST`, condition },
    requestPayload: event,
    responsePayload,
  });
const event = { database: 'desk', trigger: 'manual', actor: 'ana', email: true } as const;

async function backUp(given: typeof event = event): Promise<Outcome> {
  const handle = createBackupHandler(room.cofre, never, { mails: false });
  return await toOutcome({ kind: 'backup', retried: false }, silentLogger, () => handle(given));
}

describe('after a backup', () => {
  test('that succeeded: its figures, and a mail with it', async () => {
    const outcome = await backUp();
    expect(await room.mails()).toEqual([]);
    await notify(event, outcome);
    const [made] = (await room.cofre.catalog.scan('desk')).backups;
    const { size } = made!.manifest.archive;
    expect(emitted).toEqual([
      [
        'desk',
        {
          BackupSucceeded: 1,
          BackupSize: size,
          BackupDuration: made!.manifest.seconds,
          BackupShrank: 0,
          BackupAge: 0,
        },
      ],
    ]);
    const [mail] = await room.mails();
    expect(mail!.attachments.map(({ filename }) => filename)).toEqual([made!.manifest.archive.file]);
    expect(mail!.text).toContain('https://cofre.example.com/prod');
  });

  test('that nobody wants a mail of: none', async () => {
    await notify({ ...event, email: false }, await backUp());
    expect([emitted.length, await room.mails()]).toEqual([1, []]);
  });

  test('of the schedule: a mail where the configuration wants it', async () => {
    await notify({ database: 'desk', trigger: 'schedule', actor: 'schedule' }, await backUp());
    expect(await room.mails()).toHaveLength(1);
  });

  test('that holds less than half of the one before: it shrank', async () => {
    await backUp();
    using database = new DatabaseSync(room.database);
    database.exec('DELETE FROM comments; DELETE FROM tickets; VACUUM');
    await notify({ ...event, email: false }, await backUp());
    expect(emitted).toMatchObject([['desk', { BackupShrank: 1 }]]);
  });

  test('that failed: counted, and mailed with the reason', async () => {
    await rename(room.database, `${room.database}.away`);
    await notify(event, await backUp());
    expect(emitted).toEqual([['desk', { BackupFailed: 1 }]]);
    expect((await room.mails())[0]!.text).toContain('SOURCE_NOT_FOUND');
  });

  test('that was killed: the reason is in its record', async () => {
    const wanted = { kind: 'backup', database: 'desk', trigger: 'manual', actor: 'ana' } as const;
    const queued = await room.cofre.journal.create(wanted);
    await room.cofre.journal.fail(queued, Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    await notify({ ...event, job: queued.id }, { errorMessage: 'Task timed out' }, 'RetriesExhausted');
    expect(emitted).toEqual([['desk', { BackupFailed: 1 }]]);
    expect((await room.mails())[0]!.text).toMatch(/NO_SPACE/);
  });

  test('that was killed before it had a record: what Lambda says of it', async () => {
    await notify(event, { errorMessage: 'Runtime exited' }, 'RetriesExhausted');
    expect((await room.mails())[0]!.text).toContain('Runtime exited');
  });

  test('that was delivered twice: told once', async () => {
    await notify(event, { status: 'duplicate', kind: 'backup' });
    expect([emitted, await room.mails()]).toEqual([[], []]);
  });
});

test('after a restore: counted, not mailed; by the function’s name when it was killed', async () => {
  const restore = { database: 'desk', backup: 'desk-20261123-020000', actor: 'ana' };
  await notify(restore, { status: 'succeeded', kind: 'restore', result: {} }, 'Success', 'restore');
  await notify(restore, { errorMessage: 'killed' }, 'RetriesExhausted', 'restore');
  await notify(restore, { errorMessage: 'killed' }, 'RetriesExhausted', 'undo');
  expect(emitted).toEqual([
    ['desk', { RestoreSucceeded: 1 }],
    ['desk', { RestoreFailed: 1 }],
    ['desk', { RestoreFailed: 1 }],
  ]);
  expect(await room.mails()).toEqual([]);
});

test('the age of the last good backup is told, and nothing of a database that has none', async () => {
  const tell = createAgesHandler(room.cofre, emit);
  expect(await tell()).toEqual({ desk: null });
  expect(emitted).toEqual([]);
  await backUp();
  const { desk } = await tell();
  expect(desk).toBeLessThan(60);
  expect(emitted).toEqual([['desk', { BackupAge: desk }]]);
});

test('a metric is a line in the embedded format', () => {
  const lines: string[] = [];
  const tell = metricLines(
    'cofre',
    (line) => void lines.push(line),
    () => new Date(1_000),
  );
  tell('desk', { BackupSize: 5, BackupAge: 0 });
  expect(lines.map((it) => JSON.parse(it))).toEqual([
    {
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [
          {
            Namespace: 'Cofre',
            Dimensions: [['Stack', 'Database']],
            Metrics: [
              { Name: 'BackupSize', Unit: 'Bytes' },
              { Name: 'BackupAge', Unit: 'Seconds' },
            ],
          },
        ],
      },
      Stack: 'cofre',
      Database: 'desk',
      BackupSize: 5,
      BackupAge: 0,
    },
  ]);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
});
