/** The part of a stream that is being looked at: the last chunk, with what is left of those before it. */
export interface Window {
  /** Up to the end of what has come. */
  readonly bytes: Buffer;
  /** Where what is not done with begins. */
  readonly start: number;
}

export interface GrowingWindow extends Window {
  /** All before `to` is done with. */
  consume(to: number): void;
  /** Adds a chunk; says by how much everything has moved towards 0. */
  append(chunk: Uint8Array): number;
  /** Copies what is left of a chunk that is about to be used for something else; says the same. */
  keep(): number;
}

const EMPTY: Buffer = Buffer.alloc(0);

/**
 * A chunk is only copied when something before it is left, and into a buffer that at least doubles once that is the
 * larger part: a statement of n bytes costs O(n), whatever its chunks.
 */
export function growingWindow(): GrowingWindow {
  let [bytes, store, start] = [EMPTY, EMPTY, 0];

  function take(chunk: Uint8Array): void {
    [store, start] = [EMPTY, 0];
    bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  function grow(chunk: Uint8Array): void {
    const left = bytes.length - start;
    const size = left + chunk.length;
    store = Buffer.allocUnsafeSlow(left > chunk.length ? 2 * size : size);
    bytes.copy(store, 0, start);
    start = 0;
    put(chunk, left);
  }

  function put(chunk: Uint8Array, at: number): void {
    store.set(chunk, at);
    bytes = store.subarray(0, at + chunk.length);
  }

  return {
    get bytes() {
      return bytes;
    },
    get start() {
      return start;
    },
    consume: (to) => {
      start = to;
    },
    append: (chunk) => {
      const moved = start;
      if (start === bytes.length) take(chunk);
      else if (bytes.length + chunk.length <= store.length) {
        put(chunk, bytes.length);
        return 0;
      } else grow(chunk);
      return moved;
    },
    keep: () => {
      const moved = start;
      if (store.length > 0) return 0;
      // Nothing may look at the chunk any more, not even for its length: its memory may be given back.
      if (start === bytes.length) take(EMPTY);
      else grow(EMPTY);
      return moved;
    },
  };
}
