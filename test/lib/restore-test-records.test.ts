import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restoreTestKeyOf } from '../../lib/archive/names.ts';
import type { RestoreTestRecord } from '../../lib/archive/restore-test-record.ts';
import type { Backup } from '../../lib/catalog.ts';
import type { Cofre } from '../../lib/cofre.ts';
import { expire, remove } from '../../lib/prune.ts';
import { readRestoreTest, readRestoreTests, saveRestoreTest } from '../../lib/restore-test-records.ts';
import { DEFAULT_RETENTION } from '../../lib/retention.ts';
import type { Store } from '../../lib/store/store.ts';
import { clockAhead, fakeClock } from '../support/fake-clock.ts';
import { dyingStore, makeBackup } from '../support/scripted-engine.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let cofre: Cofre;
const clock = fakeClock(new Date());

beforeEach(() => {
  workspace = makeWorkspace();
  cofre = workspace.open({ clock });
});
afterEach(() => workspace.remove());

const make = () => makeBackup(cofre, clock);

function recordOf(
  { id, manifest }: Backup,
  result: RestoreTestRecord['result'] = 'equal',
): RestoreTestRecord {
  return {
    format: 1,
    id,
    sha256: manifest.archive.sha256,
    result,
    startedAt: clock.now().toISOString(),
    finishedAt: clock.now().toISOString(),
    seconds: 1.5,
    server: 'postgres://cofre@db.example.com:5432',
    engine: { name: 'postgres', version: '18.4' },
    tool: { name: 'cofre', version: '0.1.0' },
    actor: 'test',
    objects: 3,
    tables: 1,
    rows: 3,
    explained: 0,
    different: result === 'different' ? 1 : 0,
    warnings: [],
    differences:
      result === 'different'
        ? [{ kind: 'ROWS', object: 't', was: { rows: 3, sum: '0'.repeat(32) }, is: null, explained: null }]
        : [],
  };
}

const save = (backup: Backup, store: Store = cofre.store, record = recordOf(backup)) =>
  saveRestoreTest(store, backup, record);
const read = (backup: Backup) => readRestoreTest(cofre.store, backup);
const tagOf = (backup: Backup) => cofre.store.getTag(restoreTestKeyOf(backup));
const exists = async (backup: Backup) => (await cofre.store.head(restoreTestKeyOf(backup))) !== undefined;

/** The store, with something that somebody else does right before or after one request of ours, once. */
function interrupted(
  method: keyof Store,
  call: number,
  when: 'before' | 'after',
  other: () => Promise<unknown>,
): Store {
  let calls = 0;
  const wrapped = async (...args: never[]) => {
    calls += 1;
    if (calls === call && when === 'before') await other();
    const answer = await (cofre.store[method] as (...args: never[]) => Promise<unknown>)(...args);
    if (calls === call && when === 'after') await other();
    return answer;
  };
  return { ...cofre.store, [method]: wrapped } as Store;
}

describe('a record', () => {
  test('is read as it was saved, the latest one', async () => {
    const made = await make();
    expect(await read(made)).toBeUndefined();
    expect(await save(made)).toBe(true);
    expect(await read(made)).toEqual(recordOf(made));
    await save(made, cofre.store, recordOf(made, 'different'));
    expect(await read(made)).toEqual(recordOf(made, 'different'));
  });

  test('is told to be damaged by any change of a byte, and the backup is listed all the same', async () => {
    const [made, other] = [await make(), await make()];
    await save(made);
    await save(other);
    const key = restoreTestKeyOf(made);
    const { body } = await cofre.store.get(key);
    for (let at = 0; at < body.length; at += 97) {
      const changed = Buffer.from(body);
      changed[at]! ^= 1;
      await cofre.store.put(key, changed);
      await expect(read(made)).rejects.toMatchObject({
        code: 'BACKUP_DAMAGED',
        hint: expect.stringContaining('not affected'),
      });
    }
    const listing = await cofre.catalog.scan();
    expect(listing.backups.map(({ id }) => id)).toEqual([other.id, made.id]);
    expect(listing.damaged).toEqual([]);
    const told: string[] = [];
    const records = await readRestoreTests(cofre.store, listing, (message) => void told.push(message));
    expect([...records.keys()]).toEqual([other.id]);
    expect(told).toEqual([expect.stringContaining(key)]);
  });

  test('is no backup, no orphan, and nothing that is damaged', async () => {
    const made = await make();
    await save(made);
    const { backups, damaged, orphans, tested } = await cofre.catalog.scan();
    expect([backups.length, damaged, orphans, [...tested]]).toEqual([1, [], [], [made.id]]);
  });
});

describe('its tag', () => {
  test('is the manifest’s, and changes with it', async () => {
    const one = await make();
    await save(one);
    expect(await tagOf(one)).toBe('hold');
    const two = await make();
    await save(two);
    expect([await tagOf(one), await tagOf(two)]).toEqual(['manual', 'hold']);
    await remove(cofre, two, true);
    expect(await tagOf(one)).toBe('hold');
  });

  test.each([
    ['getTag', 1, 'before'],
    ['getTag', 1, 'after'],
    ['put', 1, 'before'],
    ['put', 1, 'after'],
    ['head', 1, 'before'],
    ['head', 1, 'after'],
    ['getTag', 2, 'before'],
    ['getTag', 2, 'after'],
  ] as const)('is right when a newer backup is made at %s %i, %s', async (method, call, when) => {
    const one = await make();
    let other = false;
    const store = interrupted(method, call, when, async () => {
      other = true;
      await make();
    });
    expect(await save(one, store)).toBe(true);
    expect([other, await tagOf(one)]).toEqual([true, 'manual']);
  });
});

describe('a backup that goes', () => {
  test('takes its record along, by hand and by expiry', async () => {
    const [one, two, three] = [await make(), await make(), await make()];
    for (const it of [one, two, three]) await save(it);
    await remove(cofre, one, false);
    expect([await exists(one), await exists(two)]).toEqual([false, true]);
    await expire({ ...cofre, clock: clockAhead(3_000) }, DEFAULT_RETENTION);
    expect([await exists(two), await exists(three)]).toEqual([false, true]);
  });

  test('takes it along by expiry though it was written much later', async () => {
    const [one] = [await make(), await make()];
    await save(one);
    const late = { ...cofre, clock: clockAhead(DEFAULT_RETENTION.manual + 1) };
    // As old as the test makes it: the record is from today, the others from long ago.
    const store: Store = {
      ...cofre.store,
      list: async function* (prefix) {
        for await (const it of cofre.store.list(prefix)) {
          const young = it.key === restoreTestKeyOf(one);
          yield young ? { ...it, modifiedAt: late.clock.now() } : it;
        }
      },
    };
    await expire({ ...late, store }, DEFAULT_RETENTION);
    expect([await cofre.store.head(one.manifestKey), await exists(one)]).toEqual([undefined, false]);
  });

  test.each([
    ['getTag', 1, 'before'],
    ['getTag', 1, 'after'],
    ['put', 1, 'before'],
    ['put', 1, 'after'],
    ['head', 1, 'before'],
  ] as const)('at %s %i, %s, of saving: no record stays', async (method, call, when) => {
    const [one] = [await make(), await make()];
    const store = interrupted(method, call, when, () => remove(cofre, one, false));
    expect(await save(one, store)).toBe(false);
    expect(await exists(one)).toBe(false);
  });

  test.each([1, 2, 3])('and is killed at delete %i: what stays goes with the next backup', async (call) => {
    const [one] = [await make(), await make()];
    await save(one);
    const dying = workspace.openOn(dyingStore(cofre.store, 'delete', call), clock);
    await expect(remove(dying, one, false)).rejects.toThrow('killed');
    await make();
    const { backups, tested } = await cofre.catalog.scan();
    const listed = backups.some(({ id }) => id === one.id);
    expect([await exists(one), tested.has(one.id)]).toEqual([listed, listed]);
  });
});
