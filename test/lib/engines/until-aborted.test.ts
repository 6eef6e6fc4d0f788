import { expect, test } from 'vitest';
import { untilAborted } from '../../../lib/engines/until-aborted.ts';

const never = new AbortController().signal;
const reason = new Error('stop');

/** Yields 1 to `count`, then does `last`; tells when it was closed. */
async function* source(count: number, last: () => Promise<unknown>, closed: string[] = []) {
  try {
    for (let n = 1; n <= count; n++) yield n;
    await last();
  } finally {
    closed.push('closed');
  }
}

async function readAll(items: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('without an abort, all items pass, in order, and the source is closed', async () => {
  const closed: string[] = [];
  expect(
    await readAll(
      untilAborted(
        source(3, async () => {}, closed),
        never,
      ),
    ),
  ).toEqual([1, 2, 3]);
  expect(closed).toEqual(['closed']);
});

test('an error of the source passes as it is', async () => {
  const failure = new Error('the source failed');
  await expect(
    readAll(
      untilAborted(
        source(2, () => Promise.reject(failure)),
        never,
      ),
    ),
  ).rejects.toBe(failure);
});

test('a signal that fired before stops it before the first item', async () => {
  await expect(
    readAll(
      untilAborted(
        source(1, async () => {}),
        AbortSignal.abort(reason),
      ),
    ),
  ).rejects.toBe(reason);
});

test('an abort between two items stops it before the next, and closes the source', async () => {
  const [abort, closed] = [new AbortController(), [] as string[]];
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of untilAborted(
      source(9, async () => {}, closed),
      abort.signal,
    )) {
      seen.push(item);
      if (item === 2) abort.abort(reason);
    }
  })();
  await expect(reading).rejects.toBe(reason);
  expect(seen).toEqual([1, 2]);
});

test('an abort while the source is silent for ever stops it at once', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(reason), 20);
  await expect(
    readAll(
      untilAborted(
        source(1, () => new Promise(() => {})),
        abort.signal,
      ),
    ),
  ).rejects.toBe(reason);
});

test('a consumer that leaves early closes the source', async () => {
  const closed: string[] = [];
  for await (const _ of untilAborted(
    source(5, async () => {}, closed),
    never,
  ))
    break;
  expect(closed).toEqual(['closed']);
});
