import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, codeOf, contentOf, digest, type Given, inChunks, readAll } from './harness.ts';

export function readTests(given: Given): void {
  test('a read gives exactly the asked bytes (60 random ranges, and the ends)', async () => {
    const { store, folder, partSize } = given();
    const data = bytes(2 * partSize + 77);
    await store.upload(folder, inChunks(data, 1_000_000));
    const check = async (start: number | undefined, end: number | undefined) => {
      const range = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
      expect(digest(await readAll(store.read(folder, range)))).toBe(digest(data.subarray(start, end)));
    };
    const last = data.length;
    const ends = [
      [0, 0],
      [0, 1],
      [last - 1, last],
      [last, last],
      [last, undefined],
      [5, 5],
      [undefined, last],
    ] as const;
    for (const [start, end] of ends) await check(start, end);
    const offset = fc.oneof(fc.nat(last), fc.integer({ min: partSize - 2, max: partSize + 2 }));
    const range = fc.tuple(offset, offset).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    await fc.assert(
      fc.asyncProperty(range, ([start, end]) => check(start, end)),
      { numRuns: 60 },
    );
  });

  test('an empty object is read whole, and as the empty range', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(0));
    expect((await store.get(folder)).body.length).toBe(0);
    expect((await readAll(store.read(folder))).length).toBe(0);
    expect((await readAll(store.read(folder, { start: 0, end: 0 }))).length).toBe(0);
  });

  test('a range past the end is a conflict: the object is shorter than the caller knows (5 ranges)', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(10));
    for (const range of [
      { end: 11 },
      { start: 5, end: 11 },
      { start: 11 },
      { start: 11, end: 11 },
      { start: 20, end: 30 },
    ]) {
      expect([range, await codeOf(readAll(store.read(folder, range)))]).toEqual([range, 'STORE_CONFLICT']);
    }
  });

  test('what is no range is refused (5 cases)', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(10));
    for (const range of [
      { start: -1 },
      { start: 0.5 },
      { start: Number.NaN },
      { end: -1 },
      { start: 3, end: 2 },
    ]) {
      expect([range, await codeOf(readAll(store.read(folder, range)))]).toEqual([range, 'USAGE']);
    }
  });

  test('get, read and the empty range say STORE_NOT_FOUND when there is no object; head says undefined', async () => {
    const { store, folder } = given();
    expect(await codeOf(store.get(`${folder}/none`))).toBe('STORE_NOT_FOUND');
    expect(await codeOf(readAll(store.read(`${folder}/none`)))).toBe('STORE_NOT_FOUND');
    expect(await codeOf(readAll(store.read(`${folder}/none`, { start: 0, end: 0 })))).toBe('STORE_NOT_FOUND');
    expect(await store.head(`${folder}/none`)).toBeUndefined();
  });

  test('a folder is no object', async () => {
    const { store, folder } = given();
    await store.put(`${folder}/a`, bytes(1));
    expect(await store.head(folder)).toBeUndefined();
    expect(await codeOf(store.get(folder))).toBe('STORE_NOT_FOUND');
  });

  test('a read gives one version or a conflict, never a mix, when the object is replaced or deleted (3 ways)', async () => {
    const { store, folder } = given();
    const size = 12_000_000;
    const change = {
      replaced: (key: string) => store.put(key, bytes(size, 2)),
      shortened: (key: string) => store.put(key, bytes(10, 2)),
      deleted: (key: string) => store.delete(key),
    };
    for (const [way, apply] of Object.entries(change)) {
      const key = `${folder}/${way}`;
      await store.put(key, bytes(size, 1));
      const chunks = store.read(key)[Symbol.asyncIterator]();
      const first = await chunks.next();
      const applied = apply(key);
      await Promise.race([applied, sleep(500)]); // a server may lock what is being read
      const rest = readAll({ [Symbol.asyncIterator]: () => chunks }).then((data) =>
        digest(Buffer.concat([first.value, data])),
      );
      const outcome = await rest.catch((error) => error.code);
      expect([digest(bytes(size, 1)), 'STORE_CONFLICT', 'STORE_NOT_FOUND']).toContain(outcome);
      await applied;
    }
  });

  test('a reader that stops early, or pauses, disturbs nothing (30 readers)', async () => {
    const { store, folder } = given();
    const data = bytes(6_000_000);
    await store.put(folder, data);
    for (let round = 0; round < 30; round += 1) {
      for await (const chunk of store.read(folder)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(await contentOf(store, folder)).toBe(digest(data));
  });

  test('a signal ends a read as ABORTED, before it begins or in the middle', async () => {
    const { store, folder } = given();
    await store.put(folder, bytes(6_000_000));
    expect(await codeOf(readAll(store.read(folder, { signal: AbortSignal.abort() })))).toBe('ABORTED');
    const abort = new AbortController();
    const read = async () => {
      for await (const _ of store.read(folder, { signal: abort.signal })) abort.abort();
    };
    expect(await codeOf(read())).toBe('ABORTED');
  });
}
