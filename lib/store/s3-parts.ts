/** Bytes. */
const MiB = 2 ** 20;

/** Amazon S3 user guide, "Multipart upload limits": 10,000 parts of 5 MiB (but the last) to 5 GiB. */
export const PART_LIMIT = 10_000;

/** Size of the first parts, bytes. */
export const FIRST_PART = 8 * MiB;

/** How many parts have one size before it doubles. */
const STEP = 800;

/** Where doubling ends, in multiples of the first size: at 1 GiB. */
const LARGEST = 128;

/** Bytes that all part buffers take together, the one being filled included, unless two parts are more. */
const MEMORY = 64 * MiB;

/** Parts sent at a time: enough to hide the latency of an answer. */
const CONCURRENCY = 3;

/**
 * Bytes of part `number`, counted from 1. Small at first, so that memory is small where backups are: 8 MiB for the
 * first 6 GiB, then double every 800 parts (32 MiB at 40 GiB, 128 MiB at 190 GiB) up to 1 GiB. The 10,000 parts of a
 * multipart upload so hold more than 5 TiB.
 */
export function partSize(number: number, first: number = FIRST_PART): number {
  return first * Math.min(2 ** Math.floor((number - 1) / STEP), LARGEST);
}

/** How many parts of `size` bytes may be on their way while the next one is being filled. */
export function partsInFlight(size: number): number {
  return Math.max(1, Math.min(CONCURRENCY, Math.floor(MEMORY / size) - 1));
}

/** One part of an upload. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly body: Buffer;
  /** Whether it has the full size of its number; only the last part may not have it. */
  readonly full: boolean;
}

/** Buffers that are used again: fresh ones of this size would pile up until the garbage collector runs. */
export interface BufferPool {
  take(size: number): Buffer;
  /** Gives back a buffer that nobody reads any more. */
  give(body: Buffer): void;
}

export function bufferPool(): BufferPool {
  let free: Buffer[] = [];
  return {
    take(size) {
      free = free.filter((buffer) => buffer.length === size); // the size grew: the smaller ones are of no use
      return free.pop() ?? Buffer.allocUnsafeSlow(size);
    },
    give: (body) => void free.push(Buffer.from(body.buffer)),
  };
}

/** Cuts a stream into parts of `sizeOf(number)` bytes; the last one is what remains, and never empty. */
export async function* cutParts(
  chunks: AsyncIterable<Uint8Array>,
  sizeOf: (number: number) => number,
  pool: BufferPool,
): AsyncGenerator<Part, void, undefined> {
  let number = 1;
  let buffer = pool.take(sizeOf(number));
  let filled = 0;
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + buffer.length - filled);
      buffer.set(piece, filled);
      taken += piece.length;
      filled += piece.length;
      if (filled < buffer.length) continue;
      yield { number, body: buffer, full: true };
      number += 1;
      buffer = pool.take(sizeOf(number));
      filled = 0;
    }
  }
  if (filled > 0) yield { number, body: buffer.subarray(0, filled), full: false };
}
