import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapInOrder } from '../../../lib/archive/pipeline.ts';

/** A source that tells how much was taken from it and whether it was closed. */
function source(length: number, failAt = Number.POSITIVE_INFINITY) {
  const state = { pulled: 0, closed: false };
  async function* items() {
    try {
      for (let item = 0; item < length; item += 1) {
        if (item === failAt) throw new Error('the source failed');
        state.pulled += 1;
        yield item;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, items: items() };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('results come in the order of the input, however long each takes (100 random runs)', async () => {
  const delays = fc.array(fc.nat({ max: 3 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({ min: 1, max: 8 }), async (ms, concurrency) => {
      const map = async (item: number) => {
        await sleep(ms[item]);
        return item * 2;
      };
      const found = await collect(mapInOrder(source(ms.length).items, concurrency, map));
      expect(found).toEqual(ms.map((_, item) => item * 2));
    }),
    { numRuns: 100 },
  );
});

test.each([1, 2, 5])(
  'never more than %i calls are under way, and all of them are used',
  async (concurrency) => {
    let [now, most] = [0, 0];
    const map = async () => {
      now += 1;
      most = Math.max(most, now);
      await sleep(2);
      now -= 1;
    };
    await collect(mapInOrder(source(20).items, concurrency, map));
    expect(most).toBe(concurrency);
  },
);

test('no more input is taken than is under way and was handed on', async () => {
  const { state, items } = source(100);
  const results = mapInOrder(items, 3, async (item) => item);
  for (let taken = 1; taken <= 50; taken += 1) {
    await results.next();
    await sleep(0);
    expect(state.pulled - taken).toBeLessThanOrEqual(3);
  }
  await results.return(undefined);
});

test('after an error of a call the source is closed, and no call is still under way', async () => {
  const { state, items } = source(100);
  let underWay = 0;
  const map = async (item: number) => {
    underWay += 1;
    await sleep(item === 5 ? 1 : 10);
    underWay -= 1;
    if (item === 5) throw new Error('a call failed');
    return item;
  };
  await expect(collect(mapInOrder(items, 4, map))).rejects.toThrow('a call failed');
  expect([state.closed, underWay]).toEqual([true, 0]);
  expect(state.pulled).toBeLessThanOrEqual(9);
});

test('after an error of the source it is thrown, and no call is still under way', async () => {
  let underWay = 0;
  const map = async () => {
    underWay += 1;
    await sleep(10);
    underWay -= 1;
  };
  await expect(collect(mapInOrder(source(100, 3).items, 8, map))).rejects.toThrow('the source failed');
  expect(underWay).toBe(0);
});

test('a consumer that leaves closes the source, and no call is still under way', async () => {
  const { state, items } = source(100);
  let underWay = 0;
  const map = async (item: number) => {
    underWay += 1;
    await sleep(5);
    underWay -= 1;
    return item;
  };
  for await (const item of mapInOrder(items, 4, map)) if (item === 2) break;
  expect([state.closed, underWay]).toEqual([true, 0]);
});

test('an error of a call that nobody waits for any more is not an unhandled rejection', async () => {
  const seen: unknown[] = [];
  const note = (reason: unknown) => seen.push(reason);
  process.on('unhandledRejection', note);
  const map = async (item: number) => {
    await sleep(item);
    throw new Error(`call ${item}`);
  };
  await expect(collect(mapInOrder(source(10).items, 4, map))).rejects.toThrow('call 0');
  await sleep(20);
  process.off('unhandledRejection', note);
  expect(seen).toEqual([]);
});
