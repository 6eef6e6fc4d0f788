import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowSummer } from '../../../../lib/engines/content/row-sum.ts';

const summed = (rows: readonly Uint8Array[]) => {
  const summer = rowSummer();
  for (const row of rows) summer.add(row);
  return summer.result();
};

/** The definition, in whole numbers of any size. */
const defined = (rows: readonly Uint8Array[]) => {
  const hashes = rows.map((row) =>
    BigInt(`0x${createHash('sha256').update(row).digest('hex').slice(0, 32)}`),
  );
  const sum = hashes.reduce((total, it) => (total + it) % 2n ** 128n, 0n);
  return { rows: rows.length, sum: sum.toString(16).padStart(32, '0') };
};

test('is the sum modulo 2^128 of the hashes of the rows', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array(), { maxLength: 200 }), (rows) => {
      expect(summed(rows)).toEqual(defined(rows));
    }),
  );
});

test('does not depend on the order of the rows, but on each of them', () => {
  const rows = Array.from({ length: 1_000 }, (_, n) => Buffer.from(`row ${n}`));
  const whole = summed(rows);
  expect(summed(rows.toReversed())).toEqual(whole);
  expect(summed(rows.slice(1)).sum).not.toBe(whole.sum);
  expect(summed([...rows, rows[0]!]).sum).not.toBe(whole.sum);
  expect(summed(rows.with(500, Buffer.from('row 50O'))).sum).not.toBe(whole.sum);
});

test('is exact past the rows after which carries are passed on', () => {
  const [row, rows] = [Buffer.from('the same'), 2 ** 20 + 3];
  const summer = rowSummer();
  for (let n = 0; n < rows; n += 1) summer.add(row);
  const hash = BigInt(`0x${createHash('sha256').update(row).digest('hex').slice(0, 32)}`);
  expect(summer.result().sum).toBe(((hash * BigInt(rows)) % 2n ** 128n).toString(16).padStart(32, '0'));
});

test('can be asked for more than once', () => {
  const summer = rowSummer();
  summer.add(Buffer.from('a'));
  expect(summer.result()).toEqual(summer.result());
  summer.add(Buffer.from('b'));
  expect(summer.result()).toEqual(defined([Buffer.from('a'), Buffer.from('b')]));
});
