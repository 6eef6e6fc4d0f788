import { describe, expect, test } from 'vitest';
import { CofreError, type ErrorCode, exitCode, httpStatus, toCofreError } from '../../lib/errors.ts';
import { errorOf, errorRecord, type Job } from '../../lib/jobs/job.ts';

/** The documented exit codes: 0 done, 1 failed, 2 usage or configuration, 3 no such backup, 4 busy. */
const EXITS: Readonly<Record<number, readonly ErrorCode[]>> = {
  2: ['USAGE', 'CONFIG_INVALID', 'SECRET_UNAVAILABLE', 'CONFIRMATION_REQUIRED', 'DATABASE_UNKNOWN'],
  3: ['BACKUP_NOT_FOUND', 'JOB_NOT_FOUND'],
  4: ['BUSY'],
  1: [
    ...(['BACKUP_DAMAGED', 'BACKUP_HELD', 'SOURCE_NOT_FOUND', 'SOURCE_INVALID', 'SOURCE_DAMAGED'] as const),
    ...([
      'SOURCE_BUSY',
      'SOURCE_FAILED',
      'TARGET_BUSY',
      'TARGET_INVALID',
      'RESTORE_REFUSED',
      'NO_SPACE',
    ] as const),
    ...(['STORE_UNAVAILABLE', 'STORE_DENIED', 'STORE_CONFLICT', 'STORE_NOT_FOUND', 'LEASE_LOST'] as const),
    ...(['WORKER_LOST', 'ABORTED', 'MAIL_FAILED', 'INTERNAL', 'SIGNED_OUT', 'FORBIDDEN'] as const),
  ],
};

describe('the table', () => {
  const all = Object.entries(EXITS).flatMap(([exit, codes]) =>
    codes.map((code) => [code, Number(exit)] as const),
  );

  test.each(all)('%s exits with %i', (code, exit) => {
    expect(exitCode(new CofreError(code, 'x'))).toBe(exit);
  });

  test('what the caller can mend is 4xx, what failed here or behind us is 5xx', () => {
    const status = (code: ErrorCode) => httpStatus(new CofreError(code, 'x'));
    for (const [code] of all) expect(status(code)).toBeGreaterThanOrEqual(400);
    expect([status('USAGE'), status('BACKUP_NOT_FOUND'), status('BUSY')]).toEqual([400, 404, 409]);
    expect([status('STORE_UNAVAILABLE'), status('INTERNAL'), status('NO_SPACE')]).toEqual([502, 500, 507]);
  });
});

describe('toCofreError', () => {
  test('leaves ours as it is', () => {
    const error = new CofreError('BUSY', 'x', { hint: 'y' });
    expect(toCofreError(error)).toBe(error);
  });

  test('tells aborts and full disks from surprises, and keeps the cause', () => {
    const abort = new DOMException('This operation was aborted', 'AbortError');
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    expect(toCofreError(abort)).toMatchObject({ code: 'ABORTED', cause: abort });
    expect(toCofreError(full)).toMatchObject({ code: 'NO_SPACE', cause: full, hint: expect.any(String) });
    expect(toCofreError(Object.assign(new Error('q'), { code: 'EDQUOT' })).code).toBe('NO_SPACE');
    expect(toCofreError(new TypeError('oops'))).toMatchObject({ code: 'INTERNAL', message: 'oops' });
  });

  test('takes anything that can be thrown', () => {
    for (const thrown of ['text', 42, undefined, null, Object.create(null), [], { message: 'x' }]) {
      expect(toCofreError(thrown)).toMatchObject({ code: 'INTERNAL', message: expect.any(String) });
      expect([exitCode(thrown), httpStatus(thrown)]).toEqual([1, 500]);
    }
  });
});

test('an error survives its way through a job record', () => {
  const record = errorRecord(new CofreError('SOURCE_BUSY', 'It is locked.', { hint: 'Wait.' }));
  expect(errorOf({ error: record } as Job)).toMatchObject({
    code: 'SOURCE_BUSY',
    message: 'It is locked.',
    hint: 'Wait.',
  });
  expect(errorOf({ error: null } as Job)).toBeUndefined();
  expect(errorRecord('text')).toEqual({ code: 'INTERNAL', message: 'text', hint: null });
});
