import { expect, test } from 'vitest';
import type { Store, StoredObject } from '../../../lib/store/store.ts';
import { bytes, codeOf, contentOf, digest, type Given, inChunks, unfinished } from './harness.ts';

const ABSENT = { absent: true } as const;
const WRITERS = 8;

export function conditionTests(given: Given): void {
  test('absent: put writes a new object, and leaves one that exists as it is', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(5, 1), { condition: ABSENT });
    expect(await codeOf(store.put(folder, bytes(5, 2), { condition: ABSENT }))).toBe('STORE_CONFLICT');
    expect(await contentOf(store, folder)).toBe(digest(bytes(5, 1)));
    await store.delete(folder);
    await store.put(folder, bytes(5, 3), { condition: ABSENT });
    expect(await contentOf(store, folder)).toBe(digest(bytes(5, 3)));
  });

  test('absent: upload likewise, small or in parts, and leaves nothing unfinished', async () => {
    const { store, folder, partSize } = given();
    for (const size of [5, partSize + 1]) {
      const key = `${folder}/${size}`;
      await store.upload(key, inChunks(bytes(size, 1), 1_000_000), { condition: ABSENT, tag: 'daily' });
      const again = store.upload(key, inChunks(bytes(size, 2), 1_000_000), { condition: ABSENT });
      expect(await codeOf(again)).toBe('STORE_CONFLICT');
      expect(await contentOf(store, key)).toBe(digest(bytes(size, 1)));
    }
    expect(await unfinished(store)).toBe(0);
  });

  test('etag: put replaces that version only, and neither another one nor none', async () => {
    const { store, folder } = given();
    const first = await store.put(folder, bytes(5, 1));
    const second = await store.put(folder, bytes(5, 2), { condition: first });
    expect(await codeOf(store.put(folder, bytes(5, 3), { condition: first }))).toBe('STORE_CONFLICT');
    expect(await contentOf(store, folder)).toBe(digest(bytes(5, 2)));
    await store.delete(folder);
    expect(await codeOf(store.put(folder, bytes(5, 4), { condition: second }))).toBe('STORE_CONFLICT');
    expect(await store.head(folder)).toBeUndefined();
  });

  test('each write has an etag of its own, of equal size and within a millisecond too (60 writes)', async () => {
    const { store, folder } = given();
    const etags = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      if (round % 3 === 0) await store.delete(folder);
      etags.add((await store.put(folder, Buffer.from(`${100 + round}`))).etag);
    }
    expect(etags.size).toBe(60);
  });

  for (const how of ['put', 'upload', 'upload in parts'] as const) {
    test(`${WRITERS} writers of one absent key by ${how}: exactly one wins (4 races)`, async () => {
      const { store, folder, open, partSize, deviations } = given();
      const stores = [store, open()];
      const size = how === 'upload in parts' ? partSize + 10 : 1000;
      for (const round of [1, 2, 3, 4]) {
        const key = `${folder}/${round}`;
        const result = await race(store, key, (writer) => {
          const body = bytes(size, writer);
          const at = stores[writer % 2]!;
          if (how === 'put') return at.put(key, body, { condition: ABSENT });
          return at.upload(key, inChunks(body, 1_000_000), { condition: ABSENT });
        });
        expect(await contentOf(store, key)).toBe(digest(bytes(size, result.last)));
        if (how === 'upload in parts' && deviations.has('completions-race')) continue;
        expect(result.winners).toHaveLength(1);
      }
      expect(await unfinished(store)).toBe(0);
    });
  }

  test(`${WRITERS} writers that replace one version: exactly one wins (5 races)`, async () => {
    const { store, folder, open } = given();
    const stores = [store, open()];
    let condition: StoredObject = await store.put(folder, bytes(10, 1000));
    for (let round = 0; round < 5; round += 1) {
      const seed = (writer: number) => 10 * round + writer; // S3 gives the same bytes the same etag
      const write = (writer: number) =>
        stores[writer % 2]!.put(folder, bytes(10, seed(writer)), { condition });
      const result = await race(store, folder, write);
      expect(result.winners).toHaveLength(1);
      expect(await contentOf(store, folder)).toBe(digest(bytes(10, seed(result.last))));
      condition = (await store.head(folder))!;
    }
  });

  test('a counter that 4 writers increase by conditional writes misses none of 20 steps', async () => {
    const { store, folder, open } = given();
    await store.put(folder, Buffer.from('0'));
    await Promise.all([store, open(), store, open()].map((at) => count(at, folder, 5)));
    expect(Buffer.from((await store.get(folder)).body).toString()).toBe('20');
  });
}

/** Lets all writers go at once. Each one wins or meets a conflict; what is there is of the `last` winner. */
async function race(
  store: Store,
  key: string,
  write: (writer: number) => Promise<StoredObject>,
): Promise<{ winners: number[]; last: number }> {
  const writers = Array.from({ length: WRITERS }, (_, index) => index + 1);
  const results = await Promise.allSettled(writers.map(write));
  const lost = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason.code ?? reason);
  expect(new Set(lost)).toEqual(new Set(['STORE_CONFLICT']));
  const winners = writers.filter((writer) => results[writer - 1]!.status === 'fulfilled');
  const { etag } = (await store.head(key))!;
  const last = winners.find((writer) => (results[writer - 1] as Fulfilled).value.etag === etag);
  expect(last).toBeDefined();
  return { winners, last: last! };
}

type Fulfilled = PromiseFulfilledResult<StoredObject>;

/** Adds `steps` to a counter, each by reading it and writing it back if nobody else has meanwhile. */
async function count(store: Store, key: string, steps: number): Promise<void> {
  for (let done = 0; done < steps; ) {
    const { body, object } = await store.get(key);
    const next = Buffer.from(String(Number(Buffer.from(body).toString()) + 1));
    const code = await codeOf(store.put(key, next, { condition: object }));
    if (code === 'no error') done += 1;
    else expect(code).toBe('STORE_CONFLICT');
  }
}
