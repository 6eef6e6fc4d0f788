import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discard } from '../../../../lib/engines/postgres/discard.ts';
import { undo } from '../../../../lib/engines/postgres/undo.ts';
import type { CofreError } from '../../../../lib/errors.ts';
import { contextOf, failureOf, refusalOf } from '../../../contracts/engine/harness.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { databaseOf, inputOf, LIMITS, type SwapLab, swapLab } from '../../../support/postgres/swap-lab.ts';

let lab: SwapLab;
beforeAll(async () => {
  lab = await swapLab(18);
});
afterAll(() => lab.server.stop());

const one = (value: string) => `CREATE TABLE t AS SELECT '${value}' AS value`;
const valueIn = (url: string) => lab.sql('SELECT value FROM t', databaseOf(url));
const undoing = (url: string, time: string) => undo(url, contextOf({ clock: fakeClock(time) }), LIMITS);

/** Swaps in a database that holds `value`, at this time. */
async function swapIn(target: string, value: string, time: string): Promise<void> {
  const source = await lab.make(one(value));
  await lab.swap(target, inputOf(await lab.take(source)), {}, { clock: fakeClock(time) });
}

const named = async (base: string) => (await lab.databases()).filter((name) => name.startsWith(base));

test('undo goes back swap by swap, and keeps what was undone; comments stay the own ones', async () => {
  const url = await lab.make(`${one('first')}; COMMENT ON DATABASE going IS 'mine'`, 'going');
  await swapIn(url, 'second', '2026-11-20T10:00:00Z');
  await swapIn(url, 'third', '2026-11-21T10:00:00Z');
  expect(await undoing(url, '2026-11-22T10:00:00Z')).toEqual({
    restored: 'going_before_20261121_100000',
    kept: 'going_undone_20261122_100000',
  });
  expect(await valueIn(url)).toBe('second');
  await undoing(url, '2026-11-22T10:00:00Z');
  expect(await valueIn(url)).toBe('first');
  expect(
    await lab.sql("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'going'"),
  ).toBe('mine');
  expect(await named('going')).toEqual([
    'going',
    'going_undone_20261122_100000',
    'going_undone_20261122_100000_2',
  ]);
  expect(await refusalOf(undoing(url, '2026-11-22T11:00:00Z'))).toBe('BACKUP_NOT_FOUND');
});

test('undo waits for clients, and touches nothing that only looks like ours', async () => {
  const url = await lab.make(one('live'), 'shop');
  await lab.make(one('of a user'), 'shop_before_20260101_000000');
  await lab.make(
    `${one('by hand')}; COMMENT ON DATABASE shop_old IS 'cofre: replaced "shop" at 2026-01-01T00:00:00Z'`,
    'shop_old',
  );
  expect(await refusalOf(undoing(url, '2026-11-22T11:00:00Z'))).toBe('BACKUP_NOT_FOUND');
  expect(await discard(url, new Date('2027-01-01'), false)).toEqual([]);
  await swapIn(url, 'new', '2026-11-20T10:00:00Z');
  const client = new Client({ connectionString: url, application_name: 'till' });
  await client.connect();
  const error = (await failureOf(undoing(url, '2026-11-22T11:00:00Z'))) as CofreError;
  expect([error.code, error.message]).toEqual(['TARGET_BUSY', expect.stringContaining("'till'")]);
  expect(await valueIn(url)).toBe('new');
  await client.end();
  await undoing(url, '2026-11-22T11:00:00Z');
  expect(await valueIn(url)).toBe('live');
});

test('discard names and drops what is older, and nothing that is in use, younger or live', async () => {
  const url = await lab.make(one('a'), 'files');
  for (const [day, value] of ['b', 'c', 'd'].entries())
    await swapIn(url, value, `2026-11-0${day + 1}T10:00:00Z`);
  const client = new Client({ connectionString: lab.server.url('files_before_20261101_100000') });
  await client.connect();
  const before = new Date('2026-11-03T10:00:00Z');
  const all = await named('files');
  expect(await discard(url, before, true)).toEqual(['files_before_20261102_100000']);
  expect(await named('files')).toEqual(all);
  expect(await discard(url, before, false)).toEqual(['files_before_20261102_100000']);
  await client.end();
  expect(await discard(url, before, false)).toEqual(['files_before_20261101_100000']);
  expect(await named('files')).toEqual(['files', 'files_before_20261103_100000']);
  expect(await valueIn(url)).toBe('d');
});

test('a name of 63 bytes is kept under one that tells it', async () => {
  const name = `${'é'.repeat(31)}x`;
  const url = await lab.make(one('old'), name);
  await swapIn(url, 'new', '2026-11-20T10:00:00Z');
  const [kept] = (await lab.databases()).filter((it) => it.includes('éé') && it !== name);
  expect(kept).toMatch(/^é{14}_[0-9a-f]{8}_before_20261120_100000$/);
  await undoing(url, '2026-11-22T11:00:00Z');
  expect(await valueIn(url)).toBe('old');
});

test('subscriptions hold a database fast, but neither a failed swap nor discard', async () => {
  const subscribed = `${one('a')}; CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)`;
  const url = await lab.make(subscribed, 'subscribed');
  const before = await lab.databases();
  const backup = await lab.take(url);
  const lost = new Error('lost');
  const fence = () => Promise.reject(lost);
  expect(await failureOf(lab.swap(url, inputOf(backup), {}, { fence }))).toBe(lost);
  expect([await lab.databases(), await lab.leftovers()]).toEqual([before, []]);
  await lab.swap(url, inputOf(backup));
  expect((await discard(url, new Date('2100-01-01'), false)).length).toBe(1);
  expect(await lab.databases()).toEqual(before);
  expect(await lab.sql('SELECT subslotname FROM pg_subscription')).toBe('sub');
});
