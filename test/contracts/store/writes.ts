import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bytes,
  codeOf,
  collect,
  contentOf,
  digest,
  type Given,
  inChunks,
  readAll,
  unfinished,
} from './harness.ts';

export function writeTests(given: Given): void {
  test('put answers with the size and the version that head, get and list then see', async () => {
    const { store, folder } = given();
    const key = `${folder}/a`;
    const written = await store.put(key, bytes(10), { contentType: 'application/json' });
    const seen = await store.head(key);
    expect(written).toMatchObject({ key, size: 10, etag: seen?.etag });
    expect(Math.abs(written.modifiedAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(written.modifiedAt.getTime() - seen!.modifiedAt.getTime())).toBeLessThan(5_000);
    expect((await store.get(key)).object).toEqual(seen);
    expect(await collect(store.list(key))).toMatchObject([{ key, size: 10, etag: seen?.etag }]);
  });

  test('upload keeps every byte at sizes around 0, 1 and 2 parts, in any chunks (9 sizes)', async () => {
    const { store, folder, partSize } = given();
    const sizes = [
      0,
      1,
      partSize - 1,
      partSize,
      partSize + 1,
      2 * partSize - 1,
      2 * partSize,
      2 * partSize + 1,
      3 * partSize,
    ];
    for (const [index, size] of sizes.entries()) {
      const data = bytes(size, index + 1);
      const key = `${folder}/${size}`;
      const written = await store.upload(key, inChunks(data, [777_777, partSize, 3 * partSize][index % 3]!));
      expect(written).toMatchObject({ key, size, etag: (await store.head(key))?.etag });
      expect(digest(await readAll(store.read(key)))).toBe(digest(data));
    }
  });

  test('upload keeps every byte of any sequence of chunks, empty ones too (40 random sequences)', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const { store, folder } = given();
        await store.upload(folder, from(parts));
        expect(digest((await store.get(folder)).body)).toBe(digest(Buffer.concat(parts)));
      }),
      { numRuns: 40 },
    );
  });

  test('the source may use one buffer for all its chunks', async () => {
    const { store, folder, partSize } = given();
    const data = bytes(2 * partSize + 99);
    async function* reusing() {
      const buffer = Buffer.alloc(100_000);
      for await (const chunk of inChunks(data, buffer.length)) {
        buffer.set(chunk);
        yield buffer.subarray(0, chunk.length);
      }
    }
    await store.upload(folder, reusing());
    expect(await contentOf(store, folder)).toBe(digest(data));
  });

  test('an upload is invisible until it is whole, and the old version is read meanwhile', async () => {
    const { store, folder, partSize } = given();
    const [fresh, old] = [`${folder}/fresh`, `${folder}/old`];
    await store.put(old, bytes(10, 1));
    const data = bytes(2 * partSize + 10, 2);
    const seen: unknown[] = [];
    async function* watched() {
      for await (const chunk of inChunks(data, partSize)) {
        yield chunk;
        seen.push(
          await store.head(fresh),
          await contentOf(store, old),
          (await collect(store.list(fresh))).length,
        );
      }
    }
    await store.upload(fresh, watched());
    await store.upload(old, watched());
    const during = [undefined, digest(bytes(10, 1)), 0];
    const afterFresh = [expect.objectContaining({ size: data.length }), digest(bytes(10, 1)), 1];
    expect(seen).toEqual([...during, ...during, ...during, ...afterFresh, ...afterFresh, ...afterFresh]);
    expect(await contentOf(store, old)).toBe(digest(data));
  });

  test('what one store wrote or deleted, another sees at once (20 rounds of put, head, get, list, delete)', async () => {
    const { store, folder, open } = given();
    const other = open();
    const key = `${folder}/k`;
    for (let round = 1; round <= 20; round += 1) {
      const { etag } = await store.put(key, bytes(round, round));
      expect((await other.head(key))?.etag).toBe(etag);
      expect((await other.get(key)).object.etag).toBe(etag);
      expect((await collect(other.list(key))).map((object) => object.etag)).toEqual([etag]);
      await other.delete(key);
      expect(await store.head(key)).toBeUndefined();
      expect(await collect(store.list(key))).toEqual([]);
    }
  });

  test('an error of the source is rethrown as it is, and the key is as before (at 4 moments x 2 keys)', async () => {
    const { store, folder, partSize } = given();
    await store.put(`${folder}/old`, bytes(10), { tag: 'daily' });
    const before = await store.head(`${folder}/old`);
    for (const length of [0, 1, partSize, 3 * partSize + 1]) {
      for (const key of [`${folder}/old`, `${folder}/new`]) {
        const failure = Object.assign(new Error('the dump failed'), { code: 'ENOENT', syscall: 'open' });
        const thrown = await store
          .upload(key, failing(length, failure), { tag: 'weekly' })
          .catch((error) => error);
        expect(thrown).toBe(failure);
      }
    }
    expect(await store.head(`${folder}/new`)).toBeUndefined();
    expect(await store.head(`${folder}/old`)).toEqual(before);
    expect(await store.getTag(`${folder}/old`)).toBe('daily');
    expect(await unfinished(store)).toBe(0);
  });

  test('a signal ends an upload at once as ABORTED, cleans up, and lets the source clean up (3 moments)', async () => {
    const { store, folder, partSize } = given();
    await store.put(folder, bytes(10, 1));
    for (const length of [0, 10, 2 * partSize + 1]) {
      const abort = new AbortController();
      let closed = false;
      async function* source() {
        try {
          yield* inChunks(bytes(length), 1_000_000);
          abort.abort(new Error('the Lambda is about to end'));
          yield bytes(1);
        } finally {
          closed = true;
        }
      }
      expect(await codeOf(store.upload(folder, source(), { signal: abort.signal }))).toBe('ABORTED');
      expect(closed).toBe(true);
    }
    expect(await contentOf(store, folder)).toBe(digest(bytes(10, 1)));
    expect(await unfinished(store)).toBe(0);
  });

  test('a signal ends an upload whose source is silent', async () => {
    const { store, folder, partSize } = given();
    const abort = new AbortController();
    async function* source() {
      yield bytes(partSize + 1);
      setTimeout(() => abort.abort(), 50);
      await new Promise(() => {}); // for ever
    }
    expect(await codeOf(store.upload(folder, source(), { signal: abort.signal }))).toBe('ABORTED');
    expect(await store.head(folder)).toBeUndefined();
    expect(await unfinished(store)).toBe(0);
  });

  test('a signal that has fired before stops put and upload before anything is written', async () => {
    const { store, folder } = given();
    const options = { signal: AbortSignal.abort() };
    expect(await codeOf(store.put(folder, bytes(1), options))).toBe('ABORTED');
    expect(await codeOf(store.upload(folder, inChunks(bytes(1), 1), options))).toBe('ABORTED');
    expect(await store.head(folder)).toBeUndefined();
    expect(await unfinished(store)).toBe(0);
  });
}

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function* failing(length: number, failure: Error): AsyncGenerator<Uint8Array> {
  yield* inChunks(bytes(length), 1_000_000);
  throw failure;
}
