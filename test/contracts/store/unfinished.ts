import { expect, test } from 'vitest';
import { bytes, collect, contentOf, digest, type Given, inChunks, unfinished } from './harness.ts';

export function unfinishedTests(given: Given): void {
  test('what a killed writer left is invisible, and harms neither the old object nor a new one', async () => {
    const { store, folder, leaveUnfinished } = given();
    const key = `${folder}/a`;
    await store.put(key, bytes(10, 1));
    await leaveUnfinished(key);
    expect((await collect(store.list(`${folder}/`))).map((object) => object.key)).toEqual([key]);
    expect(await contentOf(store, key)).toBe(digest(bytes(10, 1)));
    await store.upload(key, inChunks(bytes(20, 2), 7));
    expect(await contentOf(store, key)).toBe(digest(bytes(20, 2)));
    expect(await unfinished(store)).toBe(1);
  });

  test('clearUnfinished clears what was begun before the given time, says how many, and nothing else', async () => {
    const { store, folder, leaveUnfinished } = given();
    await store.put(`${folder}/a`, bytes(10, 1), { tag: 'daily' });
    for (const key of ['a', 'b', 'deep/er/c']) await leaveUnfinished(`${folder}/${key}`);
    expect(await store.clearUnfinished(new Date(Date.now() - 3_600_000))).toBe(0);
    expect(await unfinished(store)).toBe(3);
    expect(await unfinished(store)).toBe(0);
    expect(await contentOf(store, `${folder}/a`)).toBe(digest(bytes(10, 1)));
    expect(await store.getTag(`${folder}/a`)).toBe('daily');
  });

  test('clearUnfinished of older ones does not disturb an upload that is going on', async () => {
    const { store, folder, partSize } = given();
    const data = bytes(2 * partSize + 1);
    async function* source() {
      for await (const chunk of inChunks(data, partSize)) {
        yield chunk;
        expect(await store.clearUnfinished(new Date(Date.now() - 60_000))).toBe(0);
      }
    }
    await store.upload(folder, source());
    expect(await contentOf(store, folder)).toBe(digest(data));
  });
}
