import { expect, test } from 'vitest';
import { takeWhole } from '../../lib/take-whole.ts';

async function* counting(log: string[] = []): AsyncGenerator<number, string, void> {
  try {
    yield 1;
    yield 2;
    return 'three';
  } finally {
    log.push('closed');
  }
}

async function all(items: AsyncIterable<number>): Promise<number[]> {
  const taken: number[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

test('tells what both return, once everything was taken', async () => {
  const taken = await takeWhole(counting(), all);
  expect(taken).toEqual({ taken: [1, 2], end: 'three' });
});

test('a source that was left before its end is closed, and has no end to tell of', async () => {
  const log: string[] = [];
  const left = takeWhole(counting(log), async (items) => {
    for await (const _ of items) return;
  });
  await expect(left).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(log).toEqual(['closed']);
});

test('what is thrown on either side is thrown on', async () => {
  const [broken, refused] = [new Error('broken'), new Error('refused')];
  // biome-ignore lint/correctness/useYield: it fails before it yields
  async function* failing(): AsyncGenerator<number, string, void> {
    throw broken;
  }
  await expect(takeWhole(failing(), all)).rejects.toBe(broken);
  await expect(takeWhole(counting(), () => Promise.reject(refused))).rejects.toBe(refused);
});
