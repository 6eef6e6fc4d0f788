// biome-ignore-all lint/style/noNonNullAssertion: at these places an index is within its bytes by the condition of the loop; a check for each row would cost time
import type { CopyFrames } from './copy-frames.ts';

const COPY_DATA = 0x64;
const MESSAGE_HEADER = 5;

/** A message other than CopyData. */
export type OnMessage = (type: number, body: Buffer) => void;

/** One whose body is still coming. */
interface Message {
  readonly type: number;
  readonly body: Buffer;
  filled: number;
}

export interface CopyStream {
  /** Takes what the socket gave; `chunk` is worked on in place. `true` when a large row has begun in it. */
  feed(chunk: Buffer): boolean;
  /** CopyData messages so far; in text format each is one row. */
  readonly rows: number;
}

/**
 * Reads the server's messages (manual, 55.7) and moves the rows in them into frames. This is where a dump spends its
 * time in JavaScript, so: no object per row. The five bytes before each row are squeezed out within the chunk
 * (`copyWithin` costs some 15 ns), then all its rows go into the frame with one copy.
 */
export function copyStream(
  frames: Pick<CopyFrames, 'startRow' | 'room' | 'append'>,
  onMessage: OnMessage,
): CopyStream {
  const head = Buffer.alloc(MESSAGE_HEADER);
  let headed = 0; // Bytes of a header that was cut by the end of a chunk.
  let rest = 0; // Bytes of the current row that are still to come.
  let other: Message | undefined;
  let rows = 0;

  function feed(chunk: Buffer): boolean {
    const end = chunk.length;
    let large = false;
    let read = 0;
    while (read < end) {
      if (rest > 0) read = restOfRow(chunk, read);
      else if (other) read = restOfMessage(chunk, read);
      else if (headed > 0 || end - read < MESSAGE_HEADER) read = partOfHeader(chunk, read);
      else if (chunk[read] === COPY_DATA && fits(chunk, read)) read = wholeRows(chunk, read);
      else {
        chunk.copy(head, 0, read, read + MESSAGE_HEADER);
        read += MESSAGE_HEADER;
        headed = MESSAGE_HEADER;
      }
      if (headed === MESSAGE_HEADER) large = begin() || large;
    }
    return large;
  }

  /** Whether the row that begins at `at` is whole in this chunk and has room in the frame. */
  function fits(chunk: Buffer, at: number): boolean {
    const size = sizeAt(chunk, at);
    return at + MESSAGE_HEADER + size <= chunk.length && size <= frames.room;
  }

  /** As many rows from `at` on as are whole and have room; returns where they end. */
  function wholeRows(chunk: Buffer, at: number): number {
    const last = chunk.length - MESSAGE_HEADER;
    const limit = at + frames.room;
    let read = at;
    let write = at;
    let count = 0;
    while (read <= last && chunk[read] === COPY_DATA) {
      const from = read + MESSAGE_HEADER;
      const size = sizeAt(chunk, read);
      if (from + size > chunk.length || write + size > limit) break;
      chunk.copyWithin(write, from, from + size);
      write += size;
      read = from + size;
      count += 1;
    }
    frames.append(chunk.subarray(at, write), count);
    rows += count;
    return read;
  }

  function partOfHeader(chunk: Buffer, at: number): number {
    const count = Math.min(MESSAGE_HEADER - headed, chunk.length - at);
    chunk.copy(head, headed, at, at + count);
    headed += count;
    return at + count;
  }

  /** The header is there: what follows is a row, or another message. */
  function begin(): boolean {
    headed = 0;
    const size = sizeAt(head, 0);
    if (head[0] !== COPY_DATA) {
      other = { type: head.readUInt8(0), body: Buffer.allocUnsafe(size), filled: 0 };
      deliver(other);
      return false;
    }
    const large = frames.startRow(size);
    frames.append(head.subarray(0, 0), 1);
    rows += 1;
    rest = size;
    return large;
  }

  function restOfRow(chunk: Buffer, at: number): number {
    const to = Math.min(chunk.length, at + rest);
    frames.append(chunk.subarray(at, to), 0);
    rest -= to - at;
    return to;
  }

  function restOfMessage(chunk: Buffer, at: number): number {
    const message = other!;
    const count = chunk.copy(message.body, message.filled, at);
    message.filled += count;
    deliver(message);
    return at + count;
  }

  function deliver({ type, body, filled }: Message): void {
    if (filled < body.length) return;
    other = undefined;
    onMessage(type, body);
  }

  return {
    feed,
    get rows() {
      return rows;
    },
  };
}

/** The length of a message without its type and its length. */
function sizeAt(bytes: Buffer, at: number): number {
  return ((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!) - 4;
}
