import { expect, test } from 'vitest';
import type { RawFrame } from '../../../../lib/engines/engine.ts';
import { copyFrames } from '../../../../lib/engines/postgres/dump/copy-frames.ts';
import { copyStream } from '../../../../lib/engines/postgres/dump/copy-stream.ts';
import { FRAME, frameBuffers } from '../../../../lib/engines/sql/dump/frame-buffers.ts';
import { type Random, seededRandom } from '../../../support/seeded.ts';

const HEADER = 'COPY public.t (a) FROM stdin;\n';
const TRAILER = '\\.\n\n';
/** What fits between header and end mark. */
const ROOM = FRAME - HEADER.length - TRAILER.length;

const task = { table: 'public.t', source: 't', sql: '', header: HEADER, first: true, size: 0 };

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};

const rowOf = (size: number, letter: number) =>
  Buffer.concat([Buffer.alloc(size - 1, 97 + (letter % 26)), Buffer.from('\n')]);

/** Reads `rows`, cut into chunks of the sizes that `chunkSize` gives. */
function read(rows: readonly Buffer[], chunkSize: () => number) {
  const frames: RawFrame[] = [];
  const buffers = frameBuffers();
  // As a slow reader would: each frame is copied and its memory given back at once, to be written over.
  const target = copyFrames(task, buffers, ({ bytes, release, ...frame }) => {
    frames.push({ ...frame, bytes: Uint8Array.from(bytes) });
    release?.();
  });
  const others: string[] = [];
  const stream = copyStream(target, (type, body) => void others.push(String.fromCharCode(type) + body));
  const wire = Buffer.concat([
    message('H', Buffer.from('\0\0\x01\0\0')),
    ...rows.map((row) => message('d', row)),
    message('c', Buffer.alloc(0)),
    message('C', Buffer.from(`COPY ${rows.length}\0`)),
    message('Z', Buffer.from('T')),
  ]);
  for (let at = 0; at < wire.length; ) {
    const size = chunkSize();
    stream.feed(Buffer.from(wire.subarray(at, at + size)));
    at += size;
  }
  target.finish();
  return { frames, others, rows: stream.rows };
}

/** Rows of all frames, after each frame was found to be a whole COPY. */
function rowsIn(frames: readonly RawFrame[]): Buffer {
  return Buffer.concat(
    frames.map(({ bytes, rows, section, table }) => {
      const text = Buffer.from(bytes);
      expect([section, table]).toEqual(['data', 'public.t']);
      expect(text.subarray(0, HEADER.length).toString()).toBe(HEADER);
      expect(text.subarray(-TRAILER.length).toString()).toBe(TRAILER);
      const body = text.subarray(HEADER.length, -TRAILER.length);
      expect(linesIn(body)).toBe(rows);
      return body;
    }),
  );
}

function linesIn(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) count += 1;
  return count;
}

function randomRows(random: Random): Buffer[] {
  const size = () => random.pick([1, 2, 5, 100, 300, 5_000, 70_000, 900_000]);
  return Array.from({ length: 300 }, (_, n) => rowOf(random.int(1, size() + 1), n));
}

test('rows come out whole and in order, wherever the network cuts their messages (30 ways)', () => {
  const random = seededRandom('copy-stream');
  const rows = randomRows(random);
  const whole = read(rows, () => 64 * 1024);
  expect(rowsIn(whole.frames).equals(Buffer.concat(rows))).toBe(true);
  for (let n = 0; n < 30; n++) {
    const most = random.pick([1_000, 9_000, 65_536, 300_000]);
    const { frames, others, rows: count } = read(rows, () => random.int(1, most));
    expect(count).toBe(rows.length);
    expect(frames.map(({ bytes }) => bytes.length)).toEqual(whole.frames.map(({ bytes }) => bytes.length));
    expect(rowsIn(frames).equals(Buffer.concat(rows))).toBe(true);
    expect(others.map((text) => text.charAt(0))).toEqual(['H', 'c', 'C', 'Z']);
  }
});

test('a byte at a time is enough', () => {
  const rows = [rowOf(1, 0), rowOf(2, 1), rowOf(300, 2), rowOf(1, 3)];
  const { frames, rows: count } = read(rows, () => 1);
  expect(count).toBe(4);
  expect(rowsIn(frames).equals(Buffer.concat(rows))).toBe(true);
});

test('a frame holds what fits to the byte, and one byte more begins another', () => {
  const sizes = (...of: number[]) =>
    read(of.map(rowOf), () => 65_536).frames.map(({ bytes }) => bytes.length);
  const around = HEADER.length + TRAILER.length;
  expect(sizes(ROOM)).toEqual([FRAME]);
  expect(sizes(ROOM - 10, 10)).toEqual([FRAME]);
  expect(sizes(ROOM - 10, 11)).toEqual([FRAME - 10, around + 11]);
  expect(sizes(ROOM + 1)).toEqual([FRAME + 1]);
  expect(sizes(7, ROOM + 1, 8)).toEqual([around + 7, FRAME + 1, around + 8]);
});

test('a table without rows has one frame; a later range without rows has none', () => {
  const { frames } = read([], () => 100);
  expect(frames.map(({ bytes, rows }) => [rows, String(Buffer.from(bytes))])).toEqual([
    [0, HEADER + TRAILER],
  ]);
  const later: RawFrame[] = [];
  copyFrames({ ...task, first: false }, frameBuffers(), (frame) => void later.push(frame)).finish();
  expect(later).toEqual([]);
});
