import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawFrame } from '../../../../lib/engines/engine.ts';
import { insertFrames } from '../../../../lib/engines/mysql/rows/insert-frames.ts';
import { textSize } from '../../../../lib/engines/mysql/rows/row-size.ts';
import { type RowsEnd, rowStream } from '../../../../lib/engines/mysql/rows/row-stream.ts';
import {
  BARE,
  BYTES,
  FLOAT,
  LATIN1,
  QUOTED,
  TEXT,
  type ValueKind,
} from '../../../../lib/engines/mysql/rows/value-kinds.ts';
import { frameBuffers } from '../../../../lib/engines/sql/dump/frame-buffers.ts';

type Value = Buffer | null;

const HEADER = Buffer.from('INSERT INTO `t` (`a`) VALUES\n');
const MAX = 0xff_ffff;

/** What a row is to look like, by the rules in words: written without regard to time. */
function expectedRow(kinds: readonly ValueKind[], row: readonly Value[]): Buffer {
  const parts = row.map((value, n) =>
    value === null ? Buffer.from('NULL') : expectedValue(kinds[n]!, value),
  );
  return Buffer.concat([
    Buffer.from('('),
    ...parts.flatMap((part, n) => (n ? [Buffer.from(','), part] : [part])),
    Buffer.from(')'),
  ]);
}

function expectedValue(kind: ValueKind, value: Buffer): Buffer {
  const quote = (bytes: Buffer) => Buffer.concat([Buffer.from("'"), bytes, Buffer.from("'")]);
  if (kind === BARE) return value;
  if (kind === FLOAT) return value.toString() === '-0' ? Buffer.from('-0e0') : value;
  if (kind === QUOTED) return quote(value);
  if (kind === TEXT) return quote(escaped(value));
  if (kind === LATIN1) return quote(escaped(Buffer.from(latin1(value))));
  if (value.length === 0) return Buffer.from("''");
  if (value.length <= 256) return Buffer.from(`0x${value.toString('hex')}`);
  return Buffer.concat([Buffer.from('_binary'), quote(escaped(value))]);
}

function escaped(value: Buffer): Buffer {
  const letters: Record<string, string> = {
    '\0': '0',
    '\n': 'n',
    '\r': 'r',
    '\x1a': 'Z',
    "'": "'",
    '\\': '\\',
  };
  const text = value.toString('latin1');
  const all = [...text].map((it) => (letters[it] === undefined ? it : `\\${letters[it]}`));
  return Buffer.from(all.join(''), 'latin1');
}

function latin1(value: Buffer): string {
  const decoder = new TextDecoder('windows-1252');
  const open = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
  return [...value]
    .map((byte) => (open.includes(byte) ? String.fromCharCode(byte) : decoder.decode(Uint8Array.of(byte))))
    .join('');
}

function lengthEncoded(size: number): Buffer {
  if (size < 251) return Buffer.from([size]);
  if (size < 65_536) return Buffer.from([0xfc, size & 0xff, size >> 8]);
  if (size <= MAX) return Buffer.from([0xfd, size & 0xff, (size >> 8) & 0xff, size >> 16]);
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfe;
  bytes.writeBigUInt64LE(BigInt(size), 1);
  return bytes;
}

function rowPayload(row: readonly Value[]): Buffer {
  return Buffer.concat(
    row.flatMap((value) => (value === null ? [Buffer.from([0xfb])] : [lengthEncoded(value.length), value])),
  );
}

function packets(payload: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; ; at += MAX) {
    const part = payload.subarray(at, at + MAX);
    parts.push(Buffer.from([part.length & 0xff, (part.length >> 8) & 0xff, part.length >> 16, 0]), part);
    if (part.length < MAX) return parts;
  }
}

const EOF = Buffer.from([0xfe, 0, 0, 0x21, 0]);

function answer(columns: number, rows: readonly (readonly Value[])[]): Buffer {
  const definition = Buffer.from('\x03def the definition of a column, which nobody reads');
  const before = [lengthEncoded(columns), ...Array.from({ length: columns }, () => definition), EOF];
  return Buffer.concat([...before, ...rows.map(rowPayload), EOF].flatMap(packets));
}

function read(
  kinds: readonly ValueKind[],
  bytes: Buffer,
  cuts: readonly number[],
  statement = 1_000,
): { frames: RawFrame[]; end: RowsEnd; rows: number } {
  const frames: RawFrame[] = [];
  const inserts = insertFrames(
    { table: 't', header: HEADER, statement },
    frameBuffers(),
    (frame) => void frames.push(frame),
  );
  const all = Uint8Array.from(kinds);
  let end: RowsEnd | undefined;
  const stream = rowStream(inserts, {
    kinds: all,
    onEnd: (it) => {
      end = it;
    },
    onError: (error) => {
      throw error;
    },
    measure: (row) => textSize(all, row),
    longest: 2_000_000,
  });
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut <= at) continue;
    stream.feed(Buffer.from(bytes.subarray(at, cut)));
    at = cut;
  }
  inserts.finish();
  return { frames, end: end!, rows: stream.rows };
}

const kind = fc.constantFrom<ValueKind>(TEXT, LATIN1, BYTES, BARE, FLOAT, QUOTED);
const nasty = fc.constantFrom(0, 0x0a, 0x0d, 0x1a, 0x27, 0x5c, 0x22, 0x80, 0x81, 0xe9, 0xff, 0x28, 0x2c);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.array(nasty, { maxLength: 40 }),
  fc.array(nasty, { minLength: 240, maxLength: 300 }),
);
const plain = fc.constantFrom('0', '-0', '1.5', '-12', '1e-10', '2024-02-31');
const valuesFor = (of: ValueKind): fc.Arbitrary<Value> => {
  const some =
    of === BARE || of === FLOAT || of === QUOTED
      ? plain.map((text) => Buffer.from(text))
      : bytes.map((it) => Buffer.from(it as Uint8Array));
  return fc.option(some, { freq: 6 });
};

test('rows come out as the rules say, wherever the network cuts them', () => {
  const table = fc.array(kind, { minLength: 1, maxLength: 6 }).chain((kinds) =>
    fc.record({
      kinds: fc.constant(kinds),
      rows: fc.array(fc.tuple(...kinds.map(valuesFor)), { maxLength: 30 }),
    }),
  );
  fc.assert(
    fc.property(table, fc.array(fc.nat(20_000), { maxLength: 60 }), ({ kinds, rows }, places) => {
      const all = answer(kinds.length, rows);
      const cuts = places.map((place) => place % all.length).sort((a, b) => a - b);
      const { frames, end, rows: count } = read(kinds, all, cuts);
      expect(count).toBe(rows.length);
      expect(end).toEqual({ warnings: 0, status: 0x21 });
      const text = Buffer.concat(frames.map((frame) => frame.bytes)).toString('latin1');
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('INSERT'));
      expect(lines.map((line) => line.slice(0, -1))).toEqual(
        rows.map((row) => expectedRow(kinds, row).toString('latin1')),
      );
      for (const row of rows) {
        const size = textSize(Uint8Array.from(kinds), rowPayload(row));
        // One byte more where it need not look: a float may be a negative zero.
        expect(size - expectedRow(kinds, row).length).toBeLessThanOrEqual(4 * kinds.length);
        expect(size).toBeGreaterThanOrEqual(expectedRow(kinds, row).length);
      }
    }),
    { numRuns: 300 },
  );
});

test.each([MAX - 5, MAX, 2 * MAX + 7])('a value of %i bytes, over several packets', (size) => {
  const row = [Buffer.from('7'), Buffer.alloc(size, "it's "), null];
  const kinds: ValueKind[] = [BARE, BYTES, TEXT];
  const all = answer(3, [row, [Buffer.from('8'), Buffer.from('x'), Buffer.from('y')]]);
  const cuts = Array.from({ length: Math.ceil(all.length / 65_536) }, (_, n) => n * 65_536);
  const { frames, rows } = read(kinds, all, cuts);
  expect(rows).toBe(2);
  expect(frames.map((frame) => frame.rows)).toEqual([1, 1]);
  const first = Buffer.concat([HEADER, expectedRow(kinds, row), Buffer.from(';\n')]);
  expect(Buffer.compare(Buffer.from(frames[0]!.bytes), first)).toBe(0);
});

test('a row that does not hold what it says is not taken for one', () => {
  const cut = Buffer.concat([
    ...packets(Buffer.from([1])),
    ...packets(EOF),
    ...packets(Buffer.from([9, 0x31])),
  ]);
  expect(() => read([BARE], cut, [])).toThrow('cannot be read');
  const long = Buffer.concat([
    ...packets(Buffer.from([1])),
    ...packets(EOF),
    ...packets(Buffer.from([1, 0x31, 0x32])),
  ]);
  expect(() => read([BARE], long, [])).toThrow('cannot be read');
});
