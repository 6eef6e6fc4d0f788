import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CofreError } from '../../../lib/errors.ts';
import { acquireLease, LEASE_MS, requireFree } from '../../../lib/jobs/lease.ts';
import { directoryStore } from '../../../lib/store/directory.ts';
import type { Store } from '../../../lib/store/store.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { makeWorkspace, type Workspace } from '../../support/workspace.ts';

let workspace: Workspace;
let store: Store;
let clock: FakeClock;

beforeEach(() => {
  workspace = makeWorkspace();
  store = directoryStore(workspace.path('store'));
  clock = fakeClock('2026-11-23T12:00:00Z');
});
afterEach(() => workspace.remove());

let jobs = 0;
const take = (from: Store = store) => {
  jobs += 1;
  return acquireLease(from, 'shop', { jobId: `job-${jobs}`, kind: 'backup', actor: 'ana' }, clock);
};
const busy = { code: 'BUSY', hint: expect.any(String) };
const lost = { code: 'LEASE_LOST', hint: expect.any(String) };

/** The same store seen by another process: a queue of its own, so that writes really meet. */
const another = () => directoryStore(workspace.path('store'));

test('of 12 takers at once exactly one gets the lease, and the others name a job (5 rounds)', async () => {
  for (let round = 0; round < 5; round += 1) {
    const takers = await Promise.allSettled(Array.from({ length: 12 }, () => take(another())));
    const won = takers.filter((it) => it.status === 'fulfilled');
    const refused = takers.filter((it) => it.status === 'rejected').map((it) => it.reason);
    expect([won.length, refused.length]).toEqual([1, 11]);
    for (const error of refused) expect(error).toMatchObject(busy);
    await won[0]!.value.release();
  }
});

test('the refusal names kind, job, actor and time', async () => {
  await take();
  await expect(take()).rejects.toThrow(
    /^shop is busy: backup job job-\d+ of ana, since 2026-11-23T12:00:00.000Z\.$/,
  );
});

test('a lease lasts until it runs out, to the millisecond, and a renewed one from then on', async () => {
  const lease = await take();
  clock.advance(LEASE_MS - 1);
  await expect(take()).rejects.toMatchObject(busy);
  await lease.renew();
  clock.advance(LEASE_MS - 1);
  await expect(take()).rejects.toMatchObject(busy);
  clock.advance(1);
  await take();
});

test('who lost the lease cannot renew it, nor release the one of its successor', async () => {
  const first = await take();
  clock.advance(LEASE_MS);
  const second = await take();
  await expect(first.renew()).rejects.toMatchObject(lost);
  await expect(first.release()).rejects.toMatchObject(lost);
  await expect(take()).rejects.toMatchObject(busy);
  await second.renew();
});

test('nor after its successor has ended', async () => {
  const first = await take();
  clock.advance(LEASE_MS);
  await (await take()).release();
  await expect(first.renew()).rejects.toMatchObject(lost);
});

test('a lease that ran out unnoticed, and that nobody took, can be renewed', async () => {
  const lease = await take();
  clock.advance(10 * LEASE_MS);
  await lease.renew();
  await expect(take()).rejects.toMatchObject(busy);
});

test('a released lease is free at once', async () => {
  await (await take()).release();
  await requireFree(store, 'shop', clock);
  const lease = await take();
  await expect(requireFree(store, 'shop', clock)).rejects.toMatchObject(busy);
  await lease.release();
});

test('databases do not block each other', async () => {
  await take();
  await acquireLease(store, 'other', { jobId: 'x', kind: 'restore', actor: 'ana' }, clock);
});

test('renewals and the release may meet: none of them takes another for a stranger', async () => {
  const lease = await take();
  const renewals = Array.from({ length: 10 }, () => lease.renew());
  await Promise.all([...renewals, lease.release()]);
  await take();
});

/** A store whose conditional write is done, but whose answer is lost, so that its own retry is refused (as S3's is). */
function forgetful(calls: readonly number[]): Store {
  let call = 0;
  return {
    ...store,
    put: async (key, body, options) => {
      const written = await store.put(key, body, options);
      call += 1;
      if (calls.includes(call)) throw new CofreError('STORE_CONFLICT', 'The first try had been done.');
      return written;
    },
  };
}

test.each([1, 2, 3])('a lost answer to write %i does not lose the lease', async (call) => {
  const lease = await take(forgetful([call]));
  await lease.renew();
  await lease.release();
  await sleep(0);
  await take();
});
