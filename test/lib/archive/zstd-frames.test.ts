import { execFileSync } from 'node:child_process';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { cutAtFrames } from '../../../lib/archive/zstd-frames.ts';
import { ensureZstd } from '../../support/zstd-tool.ts';
import { from } from './frames.ts';

beforeAll(ensureZstd);

/** A frame that decompressors skip (RFC 8878, 3.1.2). */
function skippable(bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a53, 0);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc.nat({ max: 300_000 }).map((length) => Buffer.alloc(length, 'abc')),
);
const frame = fc.oneof(
  { weight: 5, arbitrary: content.map((it) => zstdCompressSync(it)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map(skippable) },
);

/** `bytes` in pieces of random lengths. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const length = lengths[n % lengths.length]!;
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

test('no byte is lost, and no chunk spans the end of a frame (500 random streams)', async () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 6 }), lengths, async (frames, cuts) => {
      const whole = Buffer.concat(frames);
      const ends = new Set<number>();
      let [at, position] = [0, 0];
      for (const it of frames) {
        at += it.length;
        ends.add(at);
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of cutAtFrames(from(pieces(whole, cuts)))) {
        for (let inside = 1; inside < chunk.length; inside += 1)
          expect(ends.has(position + inside)).toBe(false);
        position += chunk.length;
        chunks.push(chunk);
      }
      expect(Buffer.concat(chunks).equals(whole)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('frames of the zstd tool are understood too: levels, long windows, no content size, no checksum', async () => {
  const input = Buffer.alloc(500_000, 'the quick brown fox ');
  const options = [['-1'], ['-19'], ['--long=27'], ['--no-content-size'], ['--no-check'], ['--fast=5']];
  const frames = options.map((it) => execFileSync('zstd', ['-q', '-c', ...it], { input }));
  const sizes: number[] = [];
  for await (const chunk of cutAtFrames(from([Buffer.concat(frames)]))) sizes.push(chunk.length);
  expect(sizes).toEqual(frames.map((it) => it.length));
});

test('rubbish where a frame must begin is an error', async () => {
  const drain = async (bytes: Buffer) => {
    for await (const _ of cutAtFrames(from([bytes])));
  };
  await expect(drain(Buffer.from('rubbish'))).rejects.toMatchObject({ code: 'ZSTD_error' });
  await expect(drain(Buffer.concat([zstdCompressSync('a'), Buffer.from('rubbish')]))).rejects.toThrow(
    'no zstd frame',
  );
});
