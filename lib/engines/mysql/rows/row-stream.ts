// biome-ignore-all lint/style/noNonNullAssertion: the first bytes of every packet, which its length says are there.
import { FRAME } from '../../sql/dump/frame-buffers.ts';
import { eofPacket, errorPacket, isEof, MAX_PAYLOAD } from '../connection/wire.ts';
import type { InsertFrames } from './insert-frames.ts';
import { mostText, widest, writeRow } from './row-text.ts';

const HEADER = 4;
const EOF = 0xfe;
const ERROR = 0xff;

/** How the answer to a SELECT ended. */
export interface RowsEnd {
  readonly warnings: number;
  /** Flags, see `wire.ts`. */
  readonly status: number;
}

export interface RowStreamSettings {
  /** Of each column; see `value-kinds.ts`. */
  readonly kinds: Uint8Array;
  readonly onEnd: (end: RowsEnd) => void;
  readonly onError: (error: Error) => void;
  /** A row that may be longer than `longest` as text: its exact size is to be found, or it is to be refused. */
  readonly measure: (row: Uint8Array) => number;
  readonly longest: number;
}

export interface RowStream {
  /** Takes what the socket gave. `true` when a row larger than a frame has begun in it. */
  feed(chunk: Buffer): boolean;
  /** Rows so far. */
  readonly rows: number;
  /** The answer was read to its end, be it an error. */
  readonly ended: boolean;
}

/**
 * Reads the server's answer to a SELECT (manual, "Text Resultset"): a count and the definitions of columns, of which we
 * know, then rows, which go into frames as text. A packet that is whole in its chunk is read where it is; others are
 * put together.
 */
export function rowStream(
  frames: InsertFrames,
  { kinds, onEnd, onError, measure, longest }: RowStreamSettings,
): RowStream {
  const wide = widest(kinds);
  const columns = kinds.length;
  const head = Buffer.alloc(HEADER);
  let headed = 0; // Bytes of a header that was cut by the end of a chunk.
  let body: Buffer | undefined; // A packet that was cut, as far as it has come.
  let filled = 0;
  let before = 0; // Bytes of the packet in parts that ended before this one, all of `MAX_PAYLOAD`.
  let last = true; // No part follows this one.
  let state: 'columns' | 'rows' | 'ended' = 'columns';
  let rows = 0;

  function feed(chunk: Buffer): boolean {
    const end = chunk.length;
    let read = 0;
    let large = false;
    while (read < end) {
      if (body) read = fill(body, chunk, read);
      else if (headed > 0 || end - read < HEADER) {
        read = fillHead(chunk, read);
        if (headed === HEADER) large = begin(sizeAt(head, 0)) || large;
      } else {
        const size = sizeAt(chunk, read);
        const stop = read + HEADER + size;
        if (stop <= end && size < MAX_PAYLOAD && before === 0) {
          take(chunk, read + HEADER, stop);
          read = stop;
        } else {
          read += HEADER;
          large = begin(size) || large;
        }
      }
    }
    return large;
  }

  function fillHead(chunk: Buffer, at: number): number {
    const count = Math.min(HEADER - headed, chunk.length - at);
    chunk.copy(head, headed, at, at + count);
    headed += count;
    return at + count;
  }

  /** A packet, or another part of one, of `size` bytes begins that is not whole in its chunk. */
  function begin(size: number): boolean {
    headed = 0;
    last = size < MAX_PAYLOAD;
    const whole = Buffer.allocUnsafeSlow(before + size);
    if (body) throw new Error('A packet began within another one.');
    if (held) whole.set(held.subarray(0, before));
    free(held);
    held = undefined;
    body = whole;
    filled = before;
    if (size === 0) finishBody(whole);
    return before === 0 && size > FRAME;
  }

  let held: Buffer | undefined; // The parts before.

  function fill(whole: Buffer, chunk: Buffer, at: number): number {
    const count = chunk.copy(whole, filled, at);
    filled += count;
    if (filled === whole.length) finishBody(whole);
    return at + count;
  }

  function finishBody(whole: Buffer): void {
    body = undefined;
    if (!last) {
      held = whole;
      before = whole.length;
      return;
    }
    before = 0;
    take(whole, 0, whole.length);
    free(whole);
  }

  function take(source: Buffer, at: number, end: number): void {
    const first = source[at]!;
    if (first >= EOF && isMark(source, at, end)) mark(source.subarray(at, end));
    else if (state === 'rows') row(source, at, end);
  }

  function row(source: Buffer, at: number, end: number): void {
    const most = mostText(end - at, columns, wide);
    const size = most <= longest ? most : measure(source.subarray(at, end));
    const to = frames.begin(size);
    frames.end(writeRow(kinds, source, at, end, frames.buffer, to));
    rows += 1;
  }

  function mark(payload: Buffer): void {
    if (state === 'columns' && payload[0] === EOF) {
      state = 'rows';
      return;
    }
    state = 'ended';
    if (payload[0] === ERROR) onError(errorPacket(payload));
    else onEnd(eofPacket(payload));
  }

  return {
    feed,
    get rows() {
      return rows;
    },
    get ended() {
      return state === 'ended';
    },
  };
}

/** An error, or an end: a row may begin with the same byte, the length of a huge value. */
function isMark(source: Buffer, at: number, end: number): boolean {
  return source[at] === ERROR || isEof(source.subarray(at, end));
}

/** The length of a payload (manual, "MySQL Packets"). */
function sizeAt(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}

function free(buffer: Buffer | undefined): void {
  if (buffer && buffer.length > Buffer.poolSize) (buffer.buffer as ArrayBuffer).transfer(0);
}
