import { expect, it } from 'vitest';
import { CofreError } from '../../lib/errors.ts';
import { fromTold, told } from '../../lib/told.ts';

const failing = (error: unknown) => told(async () => Promise.reject(error))().catch((it: Error) => it);

it.each([
  new CofreError('BACKUP_HELD', 'It is the newest: kept.', { hint: 'Make another one.\nThen again.' }),
  new CofreError('USAGE', 'Give a policy.'),
])('an error of ours arrives as it was: %s', async (error) => {
  const thrown = (await failing(error)) as Error;
  expect(fromTold({ errorMessage: thrown.message })).toMatchObject({
    code: error.code,
    message: error.message,
    hint: error.hint,
  });
});

it('leaves the cause behind: it may quote a secret, and Lambda logs what is thrown', async () => {
  const cause = Object.assign(new TypeError('Invalid URL'), { input: 'postgres://u:hunter2@h/d' });
  const thrown = await failing(new CofreError('SOURCE_INVALID', 'Not a URL.', { cause }));
  expect(Object.getOwnPropertyNames(thrown).toSorted()).toEqual(['message', 'name', 'stack']);
  expect(JSON.stringify(thrown) + (thrown as Error).stack).not.toContain('hunter2');
});

it.each([
  ['2026-11-26T04:42:51.000Z 0c1f Task timed out after 60.00 seconds'],
  ['RequestId: 0c1f Error: Runtime exited with error: signal: killed'],
  ['NOT_OURS: something'],
  [''],
])('"%s" of Lambda itself is a failure on our side', (errorMessage) => {
  expect(fromTold({ errorMessage })).toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining(errorMessage),
  });
});

it('passes results and arguments through', async () => {
  expect(await told(async (a: number, b: number) => a + b)(1, 2)).toBe(3);
});
