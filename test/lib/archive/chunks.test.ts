import { expect, test } from 'vitest';
import { inChunks, type PackedFrame } from '../../../lib/archive/chunks.ts';
import { seededRandom } from '../../support/seeded.ts';

const KIB = 1024;

/** What a store takes, and which frames were given back by then. */
async function collect(sizes: readonly number[]) {
  const done = new Set<number>();
  async function* frames(): AsyncGenerator<PackedFrame> {
    for (const [index, size] of sizes.entries()) {
      yield { bytes: Buffer.alloc(size, index + 1), done: () => void done.add(index) };
    }
  }
  const chunks: Buffer[] = [];
  for await (const chunk of inChunks(frames())) chunks.push(Buffer.from(chunk));
  return { chunks, done };
}

const plain = (sizes: readonly number[]) =>
  Buffer.concat(sizes.map((size, index) => Buffer.alloc(size, index + 1)));

test.each([
  ['a small frame before a middling one', [1 * KIB, 200 * KIB]],
  ['a small frame before a large one', [1 * KIB, 900 * KIB, 2 * KIB]],
  ['many small ones', Array.from({ length: 100 }, () => 5 * KIB)],
  ['an empty one', [0, 3 * KIB, 0]],
  ['none', []],
])('the bytes stay as they are: %s', async (_, sizes) => {
  const { chunks, done } = await collect(sizes);
  expect(Buffer.concat(chunks).equals(plain(sizes))).toBe(true);
  expect(done.size).toBe(sizes.length);
});

test('the bytes stay as they are, in frames of 300 random sets of sizes', async () => {
  const random = seededRandom('chunks');
  for (let round = 0; round < 300; round += 1) {
    const sizes = Array.from({ length: random.int(1, 12) }, () => random.int(0, 2 ** random.int(1, 20)));
    const { chunks } = await collect(sizes);
    expect(Buffer.concat(chunks).equals(plain(sizes)), String(sizes)).toBe(true);
  }
});

test('small frames are joined, large ones are passed on as they are', async () => {
  const { chunks } = await collect([5 * KIB, 5 * KIB, 5 * KIB, 300 * KIB, 5 * KIB]);
  expect(chunks.map(({ length }) => length / KIB)).toEqual([15, 300, 5]);
});
