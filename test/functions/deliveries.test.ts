import { rename } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBackupHandler } from '../../functions/backup.ts';
import { toOutcome } from '../../functions/outcome.ts';
import { occurrenceJobId } from '../../functions/queued.ts';
import { CofreError, type ErrorCode } from '../../lib/errors.ts';
import { silentLogger } from '../../lib/logger.ts';
import { openRoom, type Room } from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room[Symbol.asyncDispose]());

const never = new AbortController().signal;
const occurrence = { id: 'e0c0d9a4-4f8e-4a43-a8f7-2d2b6a5f3c11', time: '2026-11-23T02:00:00Z' };
const scheduled = { database: 'desk', trigger: 'schedule', actor: 'schedule', occurrence } as const;
const handle = () => createBackupHandler(room.cofre, never);
const listed = async () => (await room.cofre.catalog.scan('desk')).backups;
const jobs = () => room.cofre.journal.list({ limit: 10 });

describe('an occurrence of a schedule', () => {
  test('that is delivered twice at once makes one backup', async () => {
    const ends = await Promise.allSettled([handle()(scheduled), handle()(scheduled)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [refused] = ends.filter((it) => it.status === 'rejected');
    expect(refused!.reason).toMatchObject({ code: 'DUPLICATE' });
    expect([(await listed()).length, (await jobs()).length]).toEqual([1, 1]);
  });

  test('that is delivered again after its backup makes no other', async () => {
    const made = await handle()(scheduled);
    await expect(handle()(scheduled)).rejects.toMatchObject({ code: 'DUPLICATE' });
    expect((await listed()).map(({ id }) => id)).toEqual([made.id]);
    expect(await jobs()).toMatchObject([{ status: 'succeeded', id: occurrenceJobId(occurrence, 'desk') }]);
  });

  test('that failed is tried again, in the same record', async () => {
    await rename(room.database, `${room.database}.away`);
    await expect(handle()(scheduled)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(await jobs()).toMatchObject([{ status: 'failed' }]);
    await rename(`${room.database}.away`, room.database);
    await handle()(scheduled);
    expect(await jobs()).toMatchObject([{ status: 'succeeded', error: null }]);
  });

  test('is not another: the next one, or that of another database', () => {
    const id = occurrenceJobId(occurrence, 'desk');
    expect(id).toMatch(/^20261123T020000-[0-9a-f]{8}$/);
    expect(occurrenceJobId(occurrence, 'shop')).not.toBe(id);
    expect(occurrenceJobId({ ...occurrence, id: 'other' }, 'desk')).not.toBe(id);
  });
});

describe('a job that somebody asked for', () => {
  const wanted = { kind: 'backup', database: 'desk', trigger: 'manual', actor: 'ana' } as const;
  const event = (job: string) => ({ database: 'desk', trigger: 'manual', actor: 'ana', job }) as const;

  test('that is delivered twice runs once', async () => {
    const { id } = await room.cofre.journal.create(wanted);
    const ends = await Promise.allSettled([handle()(event(id)), handle()(event(id)), handle()(event(id))]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(handle()(event(id))).rejects.toMatchObject({ code: 'DUPLICATE' });
    expect(await listed()).toHaveLength(1);
  });

  test('that failed stays failed, and tells its failure again', async () => {
    await rename(room.database, `${room.database}.away`);
    const { id } = await room.cofre.journal.create(wanted);
    await expect(handle()(event(id))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    await rename(`${room.database}.away`, room.database);
    await expect(handle()(event(id))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(await listed()).toEqual([]);
  });
});

describe('what Lambda is told', () => {
  const failing = (code: ErrorCode) => () =>
    Promise.reject(
      new CofreError(code, 'It failed.', { hint: 'Look.', cause: new Error('postgres://u:secret@h') }),
    );
  const outcome = (code: ErrorCode, retried: boolean) =>
    toOutcome({ kind: 'backup', retried }, silentLogger, failing(code));

  test('of a scheduled failure that another try may mend: an error, without its cause', async () => {
    for (const code of ['BUSY', 'SOURCE_FAILED', 'STORE_UNAVAILABLE'] as const) {
      const thrown = await outcome(code, true).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code, message: 'It failed.', hint: 'Look.' });
      expect((thrown as Error).cause).toBeUndefined();
    }
  });

  test('of any other failure: an outcome, so that it is not tried again', async () => {
    const failed = { status: 'failed', error: { message: 'It failed.', hint: 'Look.' } };
    for (const code of ['ABORTED', 'SOURCE_DAMAGED', 'CONFIG_INVALID', 'NO_SPACE'] as const)
      expect(await outcome(code, true)).toMatchObject(failed);
    expect(await outcome('BUSY', false)).toMatchObject(failed);
  });

  test('of a duplicate: that it is one', async () => {
    expect(await outcome('DUPLICATE', true)).toEqual({ status: 'duplicate', kind: 'backup' });
  });
});
