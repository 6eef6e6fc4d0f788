import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Backup } from '../../lib/catalog.ts';
import type { Cofre } from '../../lib/cofre.ts';
import { expire, remove } from '../../lib/prune.ts';
import { DEFAULT_RETENTION } from '../../lib/retention.ts';
import { clockAhead, fakeClock } from '../support/fake-clock.ts';
import { dyingStore, makeBackup, type ScriptedBackup } from '../support/scripted-engine.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let cofre: Cofre;
const clock = fakeClock(new Date());

beforeEach(() => {
  workspace = makeWorkspace();
  cofre = workspace.open({ clock });
});
afterEach(() => workspace.remove());

const make = (options?: ScriptedBackup) => makeBackup(cofre, clock, options);
const tags = ({ key, manifestKey }: Backup) =>
  Promise.all([cofre.store.getTag(key), cofre.store.getTag(manifestKey)]);
const both = (tag: string) => [tag, tag];

/** Cofre on the same store, which dies at the n-th call of a method. */
const dyingAt = (method: 'setTag' | 'delete', call: number) =>
  workspace.openOn(dyingStore(cofre.store, method, call), clock);

describe('the hold', () => {
  test('is worn by the newest backup of each database, and only by it', async () => {
    const [one, two, other] = [await make(), await make(), await make({ name: 'blog' })];
    expect(await tags(one)).toEqual(both('manual'));
    expect([await tags(two), await tags(other)]).toEqual([both('hold'), both('hold')]);
  });

  test('does not go to a safety backup, unless there is no other', async () => {
    const safety = await make({ trigger: 'pre-restore' });
    expect(await tags(safety)).toEqual(both('hold'));
    const wanted = await make();
    const second = await make({ trigger: 'pre-restore' });
    expect([await tags(safety), await tags(wanted)]).toEqual([both('pre-restore'), both('hold')]);
    expect(await tags(second)).toEqual(both('pre-restore'));
  });

  test.each([1, 2, 3, 4])(
    'killed at tag %i between commit and hold: some backup is held, and the next run heals',
    async (call) => {
      const first = await make();
      await expect(makeBackup(dyingAt('setTag', call), clock)).rejects.toThrow(
        /is whole and listed, but could not be held/,
      );
      const second = await cofre.catalog.latest('shop');
      const held = [...(await tags(first)), ...(await tags(second))].filter((it) => it === 'hold');
      expect(held.length).toBeGreaterThanOrEqual(2);
      await cofre.catalog.settleHold('shop');
      expect([await tags(first), await tags(second)]).toEqual([both('manual'), both('hold')]);
    },
  );

  test('is settled by expire before anything goes, also years later', async () => {
    const first = await make();
    await expect(makeBackup(dyingAt('setTag', 1), clock)).rejects.toThrow();
    const second = await cofre.catalog.latest('shop');
    await expire({ ...cofre, clock: clockAhead(3_000) }, DEFAULT_RETENTION);
    expect((await cofre.catalog.scan()).backups.map((it) => it.id)).toEqual([second.id]);
    expect(await cofre.store.head(first.key)).toBeUndefined();
  });

  test('goes back to the one before when the newest is deleted by force', async () => {
    const [one, two] = [await make(), await make()];
    await expect(remove(cofre, two, false)).rejects.toMatchObject({
      code: 'BACKUP_HELD',
      hint: expect.any(String),
    });
    await remove(cofre, two, true);
    expect(await tags(one)).toEqual(both('hold'));
  });

  test('a forced delete that was killed leaves nothing that never expires', async () => {
    await make();
    const newest = await make();
    await expect(remove(dyingAt('delete', 2), newest, true)).rejects.toThrow('killed');
    expect((await cofre.catalog.scan()).orphans.map((it) => it.key)).toEqual([newest.key]);
    await expire({ ...cofre, clock: clockAhead(3_000) }, DEFAULT_RETENTION);
    expect((await cofre.catalog.scan()).orphans).toEqual([]);
  });

  test('of a backup that broke is given up once there is a whole one to hold', async () => {
    const broken = await make();
    await cofre.store.put(broken.manifestKey, Buffer.from('{'), { tag: 'hold' });
    await cofre.catalog.settleHold('shop');
    expect(await cofre.store.getTag(broken.key)).toBe('hold');
    const whole = await make();
    expect([await tags(whole), await tags(broken)]).toEqual([both('hold'), both('manual')]);
  });
});

describe('scan', () => {
  test('tells whole, damaged and orphaned ones apart, newest first, and one database from another', async () => {
    const [one, two, other] = [
      await make({ name: 'shop' }),
      await make({ name: 'shop' }),
      await make({ name: 'shop2' }),
    ];
    const [orphan, cut, lone] = [
      await make({ name: 'shop' }),
      await make({ name: 'shop' }),
      await make({ name: 'shop' }),
    ];
    await cofre.store.delete(orphan.manifestKey);
    await cofre.store.put(cut.key, Buffer.from('cut'));
    await cofre.store.delete(lone.key);
    await cofre.store.put('shop/notes.txt', Buffer.from('not ours'));
    const { backups, damaged, orphans } = await cofre.catalog.scan('shop');
    expect(backups.map((it) => it.id)).toEqual([two.id, one.id]);
    expect(damaged.map((it) => it.key)).toEqual([cut.manifestKey, lone.manifestKey]);
    expect(damaged.map((it) => it.message).join()).toMatch(/3 bytes instead of .*is missing/);
    expect(orphans.map((it) => it.key)).toEqual([orphan.key]);
    expect((await cofre.catalog.scan('shop2')).backups.map((it) => it.id)).toEqual([other.id]);
  });

  test('find takes an id, a key, a manifest’s key, and nothing else', async () => {
    const made = await make();
    for (const reference of [made.id, made.key, made.manifestKey]) {
      expect((await cofre.catalog.find(reference)).id).toBe(made.id);
    }
    for (const reference of ['', 'shop', 'shop-20200101-000000', '../x', `${made.id}x`]) {
      await expect(cofre.catalog.find(reference)).rejects.toMatchObject({
        code: 'BACKUP_NOT_FOUND',
        hint: expect.any(String),
      });
    }
  });
});
