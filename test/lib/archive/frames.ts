import fc from 'fast-check';
import type { Compression } from '../../../lib/archive/compression.ts';
import type { Manifest } from '../../../lib/archive/manifest.ts';
import { writeArchive } from '../../../lib/archive/writer.ts';
import type { RawFrame } from '../../../lib/engines/engine.ts';
import { takeWhole } from '../../../lib/take-whole.ts';
import { sampleManifest } from './sample-manifest.ts';

/** Frames of 0 bytes to some KiB, of bytes that compress well, badly or not at all. */
export const anyFrames: fc.Arbitrary<RawFrame[]> = fc.array(
  fc.record({
    section: fc.constantFrom('pre-data' as const, 'data' as const, 'post-data' as const),
    rows: fc.nat({ max: 1_000 }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 5_000 }),
      fc.nat({ max: 60_000 }).map((length) => Buffer.alloc(length, 'INSERT INTO t VALUES (1);\n')),
    ),
  }),
  { maxLength: 12 },
);

export async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Packs frames in memory: the archive's bytes, and a manifest that describes it. */
export async function pack(
  frames: readonly RawFrame[],
  compression: Compression,
): Promise<{ bytes: Buffer; manifest: Manifest }> {
  const archive = writeArchive(from(frames), compression, 'text');
  const { taken, end } = await takeWhole(archive, async (chunks) => {
    const copies: Uint8Array[] = [];
    for await (const chunk of chunks) copies.push(Buffer.from(chunk));
    return copies;
  });
  const { size, rawSize, sha256, frames: records } = end;
  const sample = sampleManifest([]);
  const manifest = {
    ...sample,
    archive: { ...sample.archive, compression, size, rawSize, sha256 },
    frames: [...records],
  };
  return { bytes: Buffer.concat(taken), manifest };
}
