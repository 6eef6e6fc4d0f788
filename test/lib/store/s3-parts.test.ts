import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bufferPool,
  cutParts,
  FIRST_PART,
  PART_LIMIT,
  partSize,
  partsInFlight,
} from '../../../lib/store/s3-parts.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** How many parts an object of so many bytes takes. */
function partsFor(bytes: number): number {
  let number = 0;
  for (let left = bytes; left > 0; left -= partSize(number)) number += 1;
  return number;
}

describe('the schedule of part sizes', () => {
  test('5 TiB take fewer than 10,000 parts', () => {
    expect(partsFor(5 * 1024 * GiB)).toBeLessThanOrEqual(PART_LIMIT);
  });

  test('no part but the last is under 5 MiB or over 5 GiB, and sizes never shrink (10,000 parts)', () => {
    const sizes = Array.from({ length: PART_LIMIT }, (_, index) => partSize(index + 1));
    expect(Math.min(...sizes)).toBe(8 * MiB);
    expect(Math.max(...sizes)).toBe(GiB);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });

  test.each([
    [1, 8 * MiB],
    [800, 8 * MiB],
    [801, 16 * MiB],
    [1600, 16 * MiB],
    [1601, 32 * MiB],
    [5600, 512 * MiB],
    [5601, GiB],
    [10_000, GiB],
  ])('part %i has %i bytes (8 cases)', (number, size) => expect(partSize(number)).toBe(size));

  test.each([
    [5 * MiB, 3],
    [8 * MiB, 3],
    [16 * MiB, 3],
    [32 * MiB, 1],
    [64 * MiB, 1],
    [GiB, 1],
  ])('of parts of %i bytes, %i are on their way at a time, within 64 MiB (6 cases)', (size, count) => {
    expect(partsInFlight(size)).toBe(count);
    expect(count === 1 || (count + 1) * size <= 64 * MiB).toBe(true);
  });

  test('the first parts may have another size, for tests', () => {
    expect([partSize(1, 5 * MiB), partSize(801, 5 * MiB)]).toEqual([5 * MiB, 10 * MiB]);
    expect(FIRST_PART).toBe(8 * MiB);
  });
});

describe('cutting a stream into parts', () => {
  test('parts are full but the last, in order, and hold the bytes of the stream (200 random streams)', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 40 }), async (all, size) => {
        const sizeOf = (number: number) => size + number - 1;
        const parts: Array<{ number: number; body: Buffer; full: boolean }> = [];
        const pool = bufferPool();
        for await (const part of cutParts(from(all), sizeOf, pool)) {
          parts.push({ ...part, body: Buffer.from(part.body) });
          pool.give(part.body); // used again at once
        }
        expect(Buffer.concat(parts.map(({ body }) => body))).toEqual(Buffer.concat(all));
        for (const [index, { number, body, full }] of parts.entries()) {
          expect(number).toBe(index + 1);
          expect(full).toBe(body.length === sizeOf(number));
          expect(full || index === parts.length - 1).toBe(true);
          expect(body.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a buffer that was given back is used again; one of another size is dropped', () => {
    const pool = bufferPool();
    const first = pool.take(10);
    pool.give(first.subarray(0, 3));
    expect(pool.take(10).buffer).toBe(first.buffer);
    pool.give(first);
    expect(pool.take(20).length).toBe(20);
    expect(pool.take(10).buffer).not.toBe(first.buffer);
  });
});

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
