/** Bytes of an ordinary frame. */
export const FRAME = 2 * 1024 * 1024;

/** Frames below this are kept in memory of their own size: thousands of small tables then need little. */
const SMALL = 256 * 1024;

export interface FrameBuffers {
  /** A buffer of `FRAME` bytes, or of `size` when that is more. */
  take(size: number): Buffer;
  /** The first `length` bytes of a buffer that was taken, and what gives them back. */
  seal(buffer: Buffer, length: number): { readonly bytes: Uint8Array; readonly release: () => void };
  /** Gives a buffer back unused. */
  drop(buffer: Buffer): void;
}

/**
 * Buffers of one size, used again and again: V8 starts a whole garbage collection for every 64 MiB of new ones.
 * Larger ones are given back to the system as soon as they are released.
 */
export function frameBuffers(): FrameBuffers {
  const idle: Buffer[] = [];
  const drop = (buffer: Buffer) => {
    if (buffer.length === FRAME) idle.push(buffer);
    else (buffer.buffer as ArrayBuffer).transfer(0);
  };
  return {
    take: (size) =>
      size > FRAME ? Buffer.allocUnsafeSlow(size) : (idle.pop() ?? Buffer.allocUnsafeSlow(FRAME)),
    seal: (buffer, length) => {
      if (length >= SMALL) return { bytes: buffer.subarray(0, length), release: once(() => drop(buffer)) };
      const bytes = Buffer.from(buffer.subarray(0, length));
      drop(buffer);
      return { bytes, release: () => {} };
    },
    drop,
  };
}

/** A buffer that is given back twice would hold two frames at once. */
function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
