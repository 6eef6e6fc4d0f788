import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cofre } from '../../lib/cofre.ts';
import { expire, prune } from '../../lib/prune.ts';
import { DEFAULT_RETENTION } from '../../lib/retention.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { makeBackup, type ScriptedBackup } from '../support/scripted-engine.ts';
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
describe('prune', () => {
  test('a dry run says what would go, and touches nothing', async () => {
    const all = [await make(), await make(), await make()];
    const policy = { keepLast: 1 };
    const files = workspace.files();
    const told = await prune(cofre, { policy, dryRun: true });
    expect(told).toMatchObject({ removed: 0, freedBytes: 0, dryRun: true });
    expect(workspace.files()).toEqual(files);
    const done = await prune(cofre, { policy, dryRun: false });
    expect(done.decisions.map((it) => [it.backup.id, it.action])).toEqual(
      told.decisions.map((it) => [it.backup.id, it.action]),
    );
    expect(done).toMatchObject({ removed: 2, freedBytes: all[0]!.manifest.archive.size * 2 });
  });

  test('leaves other databases, other prefixes and other people’s files alone', async () => {
    const [old, newer, other] = [
      await make({ name: 'shop' }),
      await make({ name: 'shop' }),
      await make({ name: 'shop2' }),
    ];
    await make({ name: 'shop2' });
    await cofre.store.put('shop/notes.txt', Buffer.from('not ours'));
    await prune(cofre, { database: 'shop', policy: { keepLast: 1 }, dryRun: false });
    expect([await cofre.store.head(old.key), await cofre.store.head(old.manifestKey)]).toEqual([
      undefined,
      undefined,
    ]);
    for (const key of [newer.key, other.key, other.manifestKey, 'shop/notes.txt']) {
      expect(await cofre.store.head(key), key).toBeDefined();
    }
  });

  test('an empty policy is refused', async () => {
    for (const policy of [
      { days: 0 },
      { keepLast: 0 },
      { days: -1 },
      { days: Number.NaN },
      { keepLast: 1.5 },
    ]) {
      await expect(prune(cofre, { policy, dryRun: false })).rejects.toMatchObject({ code: 'USAGE' });
    }
  });

  test('two at once, and one beside a backup, all work', async () => {
    for (let count = 0; count < 6; count += 1) await make();
    const pruning = () => prune(cofre, { policy: { keepLast: 2 }, dryRun: false });
    await Promise.all([pruning(), pruning(), make(), cofre.catalog.settleHold('shop')]);
    const { backups, damaged, orphans } = await cofre.catalog.scan();
    expect([damaged, orphans]).toEqual([[], []]);
    expect(backups.length).toBeGreaterThanOrEqual(2);
    expect(await cofre.catalog.settleHold('shop')).toMatchObject({ id: backups[0]!.id });
  });
});

test('an archive is not expired before its manifest, so that no listed backup lacks it', async () => {
  const [first] = [await make(), await make()];
  // In S3 the archive is as old as the start of its upload: here, the manifest is written again later.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { body } = await cofre.store.get(first.manifestKey);
  const { modifiedAt } = await cofre.store.put(first.manifestKey, body, { tag: 'manual' });
  const between = fakeClock(new Date(modifiedAt.getTime() + DEFAULT_RETENTION.manual * 86_400_000 - 10));
  expect(await expire({ ...cofre, clock: between }, DEFAULT_RETENTION)).toEqual([]);
  between.advance(20);
  expect(await expire({ ...cofre, clock: between }, DEFAULT_RETENTION)).toEqual([
    first.manifestKey,
    first.key,
  ]);
});
