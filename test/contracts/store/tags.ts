import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, codeOf, type Given, inChunks } from './harness.ts';

export function tagTests(given: Given): void {
  test('put and upload set the tag with the object, small or in parts; without one there is none', async () => {
    const { store, folder, partSize, deviations } = given();
    await store.put(`${folder}/put`, bytes(1), { tag: 'daily' });
    await store.upload(`${folder}/small`, inChunks(bytes(1), 1), { tag: 'weekly' });
    await store.upload(`${folder}/parts`, inChunks(bytes(partSize + 1), 1_000_000), { tag: 'pre-restore' });
    await store.put(`${folder}/none`, bytes(1));
    await store.upload(`${folder}/no-parts`, inChunks(bytes(partSize + 1), 1_000_000));
    const tags = await Promise.all(
      ['put', 'small', 'parts', 'none', 'no-parts'].map((name) => store.getTag(`${folder}/${name}`)),
    );
    const inParts = deviations.has('drops-multipart-tags') ? undefined : 'pre-restore';
    expect(tags).toEqual(['daily', 'weekly', inParts, undefined, undefined]);
  });

  test('setTag replaces the tag, and changes neither etag nor time', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(5), { tag: 'daily' });
    const before = await store.head(folder);
    await store.setTag(folder, 'hold');
    expect(await store.getTag(folder)).toBe('hold');
    expect(await store.head(folder)).toEqual(before);
    await store.put(folder, bytes(6), { condition: before! });
  });

  test('the tag belongs to a version: a new one has its own or none, also after a delete', async () => {
    const { store, folder, deviations } = given();
    await store.put(folder, bytes(5), { tag: 'daily' });
    await store.put(folder, bytes(5), { tag: 'weekly' });
    expect(await store.getTag(folder)).toBe('weekly');
    await store.put(folder, bytes(5));
    expect(await store.getTag(folder)).toBe(deviations.has('keeps-old-tags') ? 'weekly' : undefined);
    await store.setTag(folder, 'hold');
    await store.delete(folder);
    await store.put(folder, bytes(5));
    expect(await store.getTag(folder)).toBeUndefined();
  });

  test('a write whose condition does not hold leaves the tag as it was', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(5), { tag: 'hold' });
    const options = { tag: 'daily', condition: { absent: true } } as const;
    expect(await codeOf(store.put(folder, bytes(5), options))).toBe('STORE_CONFLICT');
    expect(await codeOf(store.upload(folder, inChunks(bytes(5), 1), options))).toBe('STORE_CONFLICT');
    expect(await store.getTag(folder)).toBe('hold');
  });

  test('tags of objects that do not exist are STORE_NOT_FOUND', async () => {
    const { store, folder } = given();
    expect(await codeOf(store.getTag(`${folder}/none`))).toBe('STORE_NOT_FOUND');
    expect(await codeOf(store.setTag(`${folder}/none`, 'daily'))).toBe('STORE_NOT_FOUND');
  });

  test('a tag may hold any letters, digits, spaces and _.:/=+-@ (25 random tags), and nothing else', async () => {
    const character = fc.constantFrom(...'azAZ09 _.:/=+-@', 'é', '語');
    const tag = fc.array(character, { minLength: 1, maxLength: 20 }).map((all) => `t${all.join('')}t`);
    const { store, folder } = given();
    await store.put(folder, bytes(1));
    await fc.assert(
      fc.asyncProperty(tag, async (value) => {
        await store.setTag(folder, value);
        expect(await store.getTag(folder)).toBe(value);
        await store.put(folder, bytes(1), { tag: value });
        expect(await store.getTag(folder)).toBe(value);
      }),
      { numRuns: 25 },
    );
    for (const value of ['', 'a&b', 'a\nb', 'x'.repeat(257)]) {
      expect(await codeOf(store.setTag(folder, value))).toBe('USAGE');
      expect(await codeOf(store.put(folder, bytes(1), { tag: value }))).toBe('USAGE');
      expect(await codeOf(store.upload(folder, inChunks(bytes(1), 1), { tag: value }))).toBe('USAGE');
    }
  });
}
