import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLossless, encodeLossless } from '../../../../../lib/engines/postgres/script/lossless.ts';

test('whatever the bytes, they come back, and UTF-8 among them is read', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }).map((it) => Buffer.from(it)),
    fc.uint8Array({ maxLength: 6 }).map((it) => Buffer.from(it)),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const bytes = Buffer.concat(pieces);
      expect(encodeLossless(decodeLossless(bytes))).toEqual(bytes);
    }),
  );
  expect(decodeLossless(Buffer.from([0xff, ...Buffer.from('ação 😀'), 0xe9]))).toBe('\udcffação 😀\udce9');
});
