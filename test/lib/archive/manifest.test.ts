import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeManifest, encodeManifest, type Manifest } from '../../../lib/archive/manifest.ts';
import { anyManifest, sampleManifest } from './sample-manifest.ts';

const damaged = expect.objectContaining({
  code: 'BACKUP_DAMAGED',
  hint: expect.stringContaining('cofre list'),
});
const decode = (bytes: Uint8Array) => decodeManifest(bytes, 'shop/db_backup_20261123_185853.json');

test('a manifest is read back as it was (300 random ones)', () => {
  fc.assert(
    fc.property(anyManifest, (manifest) => {
      expect(decode(encodeManifest(manifest))).toEqual(manifest);
    }),
    { numRuns: 300 },
  );
});

test('a change of any single byte is seen: every byte of a manifest, to 4 other values each', () => {
  const bytes = encodeManifest(sampleManifest([{ size: 10, rawSize: 20, rows: 3, table: 'ações' }]));
  for (const [at, byte] of bytes.entries()) {
    for (const other of [byte ^ 1, byte ^ 0x20, 0x20, 0x30].filter((it) => it !== byte)) {
      const changed = Buffer.from(bytes);
      changed[at] = other;
      expect(() => decode(changed), `byte ${at} to ${other}`).toThrow(damaged);
    }
  }
});

test('so is every cut, every byte more, and every byte less', () => {
  const bytes = Buffer.from(encodeManifest(sampleManifest([{ size: 10, rawSize: 20, rows: 3 }])));
  for (let at = 0; at < bytes.length; at += 1) {
    expect(() => decode(bytes.subarray(0, at)), `cut at ${at}`).toThrow(damaged);
    const less = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    const more = Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)]);
    expect(() => decode(less), `without byte ${at}`).toThrow(damaged);
    expect(() => decode(more), `a space at ${at}`).toThrow(damaged);
  }
});

test('what is no manifest is refused with a hint', () => {
  for (const text of ['', '{}', '[]', 'null', '1', '"x"', '{"checksum":"x"}', '{"format":1}', '\u0000']) {
    expect(() => decode(Buffer.from(text)), text).toThrow(damaged);
  }
});

test('a sound checksum does not help a manifest whose parts disagree', () => {
  const sound = sampleManifest([
    { size: 10, rawSize: 20, rows: 3 },
    { size: 5, rawSize: 6, rows: 0 },
  ]);
  const [first, second] = sound.frames as [Manifest['frames'][0], Manifest['frames'][0]];
  const wrong: Partial<Manifest>[] = [
    { frames: [first] },
    { frames: [second, first] },
    { frames: [first, { ...second, offset: 11 }] },
    { frames: [first, { ...second, rawSize: 7 }] },
    { archive: { ...sound.archive, size: 16 } },
    { archive: { ...sound.archive, rawSize: 25 } },
    { rows: -1 },
    { id: '../../etc' },
    { startedAt: 'yesterday' },
    { format: 2 as 1 },
  ];
  expect(decode(encodeManifest(sound))).toEqual(sound);
  for (const change of wrong) {
    expect(() => decode(encodeManifest({ ...sound, ...change })), JSON.stringify(change)).toThrow(damaged);
  }
});

test('fields of later versions are kept under the checksum', () => {
  const later = { ...sampleManifest([]), region: 'eu-west-1' };
  const bytes = Buffer.from(encodeManifest(later));
  expect(decode(bytes)).toMatchObject({ region: 'eu-west-1' });
  expect(() => decode(Buffer.from(bytes.toString().replace('eu-west-1', 'eu-west-2')))).toThrow(damaged);
});

test('the checksum is the SHA-256 of the lines after it, as anybody can check', () => {
  const [, first, ...rest] = Buffer.from(encodeManifest(sampleManifest([])))
    .toString()
    .split('\n');
  const body = rest.slice(0, -2).join('\n');
  expect(first).toBe(`"checksum": "${createHash('sha256').update(body).digest('hex')}",`);
});
