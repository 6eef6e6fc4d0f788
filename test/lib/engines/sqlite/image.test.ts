import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CHUNK, readImage } from '../../../../lib/engines/sqlite/file/image.ts';
import { temporaryFolder } from '../../../support/sqlite.ts';

const PAGE = 4_096;
const never = new AbortController().signal;

/** Reads a file of `bytes` as an image of so many pages; `release` gives each buffer back at once. */
async function read(
  bytes: Uint8Array,
  pages: number,
  release = true,
): Promise<{ image: Buffer; buffers: number }> {
  using folder = temporaryFolder();
  const path = folder.file();
  writeFileSync(path, bytes);
  const file = await open(path);
  const snapshot = { version: '3', pageSize: PAGE, pages, journalMode: 'delete', wal: null };
  const [parts, buffers] = [[] as Buffer[], new Set<ArrayBufferLike>()];
  try {
    for await (const chunk of readImage(file, snapshot, undefined, never)) {
      parts.push(Buffer.from(chunk.bytes));
      buffers.add(chunk.bytes.buffer);
      if (release) chunk.release();
    }
  } finally {
    await file.close();
  }
  return { image: Buffer.concat(parts), buffers: buffers.size };
}

test('every byte of the snapshot, and none behind it, at sizes around a chunk (5 sizes)', async () => {
  const perChunk = CHUNK / PAGE;
  for (const pages of [1, perChunk - 1, perChunk, perChunk + 1, 3 * perChunk + 7]) {
    const bytes = randomBytes(pages * PAGE + 5_000);
    const { image } = await read(bytes, pages);
    expect(image.equals(bytes.subarray(0, pages * PAGE))).toBe(true);
  }
});

test('a file that ends before the snapshot does fails the reading', async () => {
  for (const size of [CHUNK + PAGE, CHUNK, PAGE - 1]) {
    await expect(read(randomBytes(size), 2 * (CHUNK / PAGE))).rejects.toThrow('ended at byte');
  }
});

test('one buffer serves a whole dump when it is given back each time, else each chunk has its own', async () => {
  const bytes = randomBytes(4 * CHUNK);
  expect((await read(bytes, bytes.length / PAGE)).buffers).toBe(1);
  expect((await read(bytes, bytes.length / PAGE, false)).buffers).toBe(4);
});
