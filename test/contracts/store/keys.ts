import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';
import { bytes, codeOf, collect, type Given, inChunks, readAll } from './harness.ts';

/** What no key may be, and why. */
const REFUSED: ReadonlyArray<readonly [why: string, key: string]> = [
  ['is empty', ''],
  ['is absolute', '/etc/passwd'],
  ['climbs out', '../secret'],
  ['climbs out on its way', 'a/../../secret'],
  ['ends by climbing', 'a/..'],
  ['has a "." segment', 'a/./b'],
  ['has an empty segment', 'a//b'],
  ['ends with "/"', 'a/'],
  ['holds NUL', 'a\u0000b'],
  ['holds a line break', 'a\nb'],
  ['is not Unicode', 'a\ud800b'],
  ['holds what XML cannot', 'a\uffffb'],
  ['is a name of the store', '.cofre-secret'],
  ['is a name of the store in a folder', 'a/.cofre-tags/b'],
  ['is a name of the store in capitals', 'a/.COFRE-tags/b'],
  ['has a segment of 256 bytes', 'ü'.repeat(128)],
  ['has 1,025 bytes', `${'a'.repeat(204)}/`.repeat(5) + 'b'.repeat(1025 - 5 * 205)],
];

/** Every verb that takes a key. */
const VERBS: ReadonlyArray<readonly [verb: string, call: (store: Store, key: string) => Promise<unknown>]> = [
  ['put', (store, key) => store.put(key, bytes(1))],
  ['upload', (store, key) => store.upload(key, inChunks(bytes(1), 1))],
  ['get', (store, key) => store.get(key)],
  ['read', (store, key) => readAll(store.read(key))],
  ['head', (store, key) => store.head(key)],
  ['delete', (store, key) => store.delete(key)],
  ['getTag', (store, key) => store.getTag(key)],
  ['setTag', (store, key) => store.setTag(key, 'daily')],
  ['downloadUrl', (store, key) => store.downloadUrl(key, { expiresIn: 60, fileName: 'x' })],
];

/** Legal segments: printable Unicode, among them what URLs, XML and shells take for something else. */
const segment = fc
  .array(
    fc.oneof(
      fc.constantFrom(...' !"#$%&\'()+,;=@[]^`{}~.-_azAZ09'),
      fc.constantFrom('ä', 'é', 'ß', '汉', '語', '🐘', 'ﬁ', '\u0301'),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((characters) => `k${characters.join('')}z`);

export function keyTests(given: Given): void {
  test.each(REFUSED)(
    `a key that %s is refused by all ${VERBS.length} verbs (${REFUSED.length} cases)`,
    async (_, key) => {
      const { store } = given();
      for (const [verb, call] of VERBS)
        expect([verb, await codeOf(call(store, key))]).toEqual([verb, 'USAGE']);
    },
  );

  test('any other key holds what was put there and is listed as it was given (30 random sets of keys)', async () => {
    const keys = fc.uniqueArray(fc.tuple(segment, segment), {
      minLength: 1,
      maxLength: 4,
      selector: ([a, b]) => `${a}/${b}`,
    });
    await fc.assert(
      fc.asyncProperty(keys, async (pairs) => {
        const { store, folder } = given();
        const all = pairs.map(([a, b], index) => `${folder}/${index}${a}/${b}`);
        for (const key of all) await store.put(key, Buffer.from(key));
        for (const key of all) expect(Buffer.from((await store.get(key)).body).toString()).toBe(key);
        expect((await collect(store.list(`${folder}/`))).map(({ key }) => key).sort()).toEqual(all.sort());
      }),
      { numRuns: 30 },
    );
  });

  test('the longest key works: 1,000 bytes in segments of up to 255', async () => {
    const { store, folder } = given();
    const key = `${folder}/${`${'s'.repeat(200)}/`.repeat(4)}`.padEnd(1000 - store.url.length, 'x');
    await store.put(key, bytes(3));
    expect((await store.head(key))?.size).toBe(3);
  });

  test('nothing of the store itself is ever listed', async () => {
    const { store, folder } = given();
    await store.put(`${folder}/a`, bytes(1), { tag: 'daily', condition: { absent: true } });
    await store.setTag(`${folder}/a`, 'weekly');
    await store.downloadUrl(`${folder}/a`, { expiresIn: 60, fileName: 'a' });
    const keys = (await collect(store.list(''))).map(({ key }) => key);
    expect(keys).toContain(`${folder}/a`);
    expect(keys.filter((key) => key.includes('.cofre'))).toEqual([]);
    expect(await collect(store.list('.cofre'))).toEqual([]);
  });
}
