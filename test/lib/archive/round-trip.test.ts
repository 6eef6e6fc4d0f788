import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { COMPRESSIONS } from '../../../lib/archive/compression.ts';
import {
  decodeManifest,
  encodeManifest,
  type FrameRecord,
  type Manifest,
} from '../../../lib/archive/manifest.ts';
import { readArchive } from '../../../lib/archive/reader.ts';
import type { RawFrame } from '../../../lib/engines/engine.ts';
import { directoryStore } from '../../../lib/store/directory.ts';
import { makeWorkspace } from '../../support/workspace.ts';
import { anyFrames, pack } from './frames.ts';

const workspace = makeWorkspace();
const store = directoryStore(workspace.path('store'));
const { signal } = new AbortController();
afterAll(() => workspace.remove());

async function read(manifest: Manifest, frames?: readonly FrameRecord[]): Promise<RawFrame[]> {
  const found: RawFrame[] = [];
  for await (const frame of readArchive(store, 'a', manifest, signal, frames)) found.push(frame);
  return found;
}

const plain = (frames: readonly RawFrame[]) =>
  frames.map(({ section, rows, bytes }) => ({ section, rows, bytes: Buffer.from(bytes).toString('hex') }));

describe.each(COMPRESSIONS)('an archive packed with %s', (compression) => {
  test('gives back every frame, in order (60 random archives)', async () => {
    await fc.assert(
      fc.asyncProperty(anyFrames, async (frames) => {
        const { bytes, manifest } = await pack(frames, compression);
        await store.put('a', bytes);
        expect(plain(await read(manifest))).toEqual(plain(frames));
      }),
      { numRuns: 60 },
    );
  });

  test('gives it back also to a reader that gives each buffer back at once (30 random archives)', async () => {
    await fc.assert(
      fc.asyncProperty(anyFrames, async (frames) => {
        const { bytes, manifest } = await pack(frames, compression);
        await store.put('a', bytes);
        const found: RawFrame[] = [];
        for await (const frame of readArchive(store, 'a', manifest, signal)) {
          found.push({ ...frame, bytes: Buffer.from(frame.bytes) });
          frame.release?.();
        }
        expect(plain(found)).toEqual(plain(frames));
      }),
      { numRuns: 30 },
    );
  });

  test('is what its manifest says: sizes, offsets and hashes (60 random archives)', async () => {
    await fc.assert(
      fc.asyncProperty(anyFrames, async (frames) => {
        const { bytes, manifest } = await pack(frames, compression);
        expect(decodeManifest(encodeManifest(manifest), 'a')).toEqual(manifest);
        expect(manifest.archive.sha256).toBe(sha256(bytes));
        for (const { offset, size, sha256: hash } of manifest.frames) {
          expect(hash).toBe(sha256(bytes.subarray(offset, offset + size)));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('gives any choice of its frames, by reading their bytes only (60 random choices)', async () => {
    const chosen = anyFrames.chain((frames) =>
      fc.tuple(fc.constant(frames), fc.subarray(frames.map((_, at) => at))),
    );
    await fc.assert(
      fc.asyncProperty(chosen, async ([frames, wanted]) => {
        const { bytes, manifest } = await pack(frames, compression);
        const records = wanted.map((at) => manifest.frames[at]!);
        await store.put('a', withOnly(bytes, records));
        expect(plain(await read(manifest, records))).toEqual(plain(wanted.map((at) => frames[at]!)));
      }),
      { numRuns: 60 },
    );
  });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The same bytes inside the frames, and rubbish elsewhere. */
function withOnly(bytes: Buffer, records: readonly FrameRecord[]): Buffer {
  const rubbish = Buffer.alloc(bytes.length, 0xee);
  for (const { offset, size } of records) bytes.copy(rubbish, offset, offset, offset + size);
  return rubbish;
}

test('a frame that unpacks to another size than the manifest tells is refused, with its true hash', async () => {
  for (const compression of COMPRESSIONS) {
    const { bytes, manifest } = await pack(
      [{ section: 'data', rows: 1, bytes: Buffer.alloc(1_000) }],
      compression,
    );
    await store.put('a', bytes);
    for (const rawSize of [999, 1_001]) {
      const frames = [{ ...manifest.frames[0]!, rawSize }];
      await expect(read(manifest, frames)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    }
  }
});

test('a missing archive is damage, with a hint', async () => {
  const { manifest } = await pack([], 'zstd');
  await store.delete('a');
  await expect(read(manifest)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED', hint: expect.any(String) });
});

test('a buffer is given back only when nothing needs it any more', async () => {
  for (const compression of COMPRESSIONS) {
    const shared = Buffer.alloc(50_000, 1);
    // Whoever gets the buffer back writes into it at once.
    const release = () => void shared.fill(0xff);
    const frame = { section: 'data', rows: 0, bytes: shared, release } as const;
    const { bytes, manifest } = await pack([frame], compression);
    await store.put('a', bytes);
    expect(Buffer.from((await read(manifest))[0]!.bytes).equals(Buffer.alloc(50_000, 1))).toBe(true);
  }
});
