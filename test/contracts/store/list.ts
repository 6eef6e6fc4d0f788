import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';
import { bytes, collect, type Given } from './harness.ts';

/** More than one page of ListObjectsV2, which has 1,000 keys. */
const MANY = 1_050;

export function listTests(given: Given): void {
  test(`a list of ${MANY} keys is whole, sorted, and says what head says`, async () => {
    const { store, folder } = given();
    const keys = Array.from({ length: MANY }, (_, index) => `${folder}/${(index * 7919) % MANY}`);
    for (let at = 0; at < MANY; at += 25) {
      await Promise.all(keys.slice(at, at + 25).map((key) => store.put(key, Buffer.from(key))));
    }
    const listed = await collect(store.list(`${folder}/`));
    expect(listed.map(({ key }) => key)).toEqual(sorted(keys));
    for (const object of listed.filter((_, index) => index % 100 === 0)) {
      const { modifiedAt, ...rest } = (await store.head(object.key))!;
      expect(object).toMatchObject(rest);
      expect(Math.abs(object.modifiedAt.getTime() - modifiedAt.getTime())).toBeLessThan(1000);
    }
  });

  test('keys come in the order of their UTF-8 bytes, folders included, for any prefix (25 random sets)', async () => {
    const name = fc.stringMatching(/^[-!.0Aa~é語ﬁ🐘]{1,3}$/u).map((text) => `${text}x`);
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(paths, fc.nat(12), async (all, length) => {
        const { store, folder } = given();
        const keys = all
          .filter((one) => !all.some((other) => other.startsWith(`${one}/`)))
          .map((one) => `${folder}/${one}`);
        for (const key of keys) await store.put(key, bytes(1));
        expect(await keysUnder(store, folder)).toEqual(sorted(keys));
        const prefix = [...keys[0]!].slice(0, length).join('');
        const expected = sorted(keys.filter((key) => key.startsWith(prefix)));
        expect((await keysUnder(store, prefix)).filter((key) => keys.includes(key))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('the order is that of bytes, not of UTF-16 units, in which an emoji comes before a ligature', async () => {
    const { store, folder } = given();
    for (const name of ['🐘', 'ﬁ']) await store.put(`${folder}/${name}`, bytes(1));
    expect(await keysUnder(store, folder)).toEqual([`${folder}/ﬁ`, `${folder}/🐘`]);
  });

  test('a prefix may end inside a name; one that is no key at all finds nothing', async () => {
    const { store, folder } = given();
    for (const key of ['shop/db_backup_1', 'shop/db_backup_2', 'shop2/db_backup_1', 'sho']) {
      await store.put(`${folder}/${key}`, bytes(1));
    }
    const under = async (prefix: string) =>
      (await keysUnder(store, `${folder}/${prefix}`)).map((key) => key.slice(folder.length + 1));
    expect(await under('shop/')).toEqual(['shop/db_backup_1', 'shop/db_backup_2']);
    expect(await under('shop')).toEqual(['shop/db_backup_1', 'shop/db_backup_2', 'shop2/db_backup_1']);
    expect(await under('shop/db_backup_2')).toEqual(['shop/db_backup_2']);
    expect(await under('none')).toEqual([]);
    for (const prefix of ['../', '/', `${folder}/../${folder}`, `${folder}//`])
      expect(await keysUnder(store, prefix)).toEqual([]);
  });

  test('delete removes the object, and one that does not exist is no error', async () => {
    const { store, folder } = given();
    await store.put(`${folder}/a`, bytes(1));
    await store.delete(`${folder}/a`);
    await store.delete(`${folder}/a`);
    await store.delete(`${folder}/never/was`);
    expect(await store.head(`${folder}/a`)).toBeUndefined();
    expect(await keysUnder(store, folder)).toEqual([]);
  });
}

async function keysUnder(store: Store, prefix: string): Promise<string[]> {
  return (await collect(store.list(prefix))).map(({ key }) => key);
}

function sorted(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
