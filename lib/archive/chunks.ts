import { free } from '../memory.ts';

/** A packed frame on its way to the store; `done` says that its bytes are not needed any more. */
export interface PackedFrame {
  readonly bytes: Uint8Array;
  readonly done: (() => void) | undefined;
}

/** Bytes from which on a chunk goes to the store. */
const CHUNK = 256 * 1024;

/**
 * The same bytes, small frames joined: a database of thousands of small tables has as many frames, and a store takes as
 * long for a few bytes as for many. A chunk is gone when the next one is asked for.
 */
export async function* inChunks(frames: AsyncIterable<PackedFrame>): AsyncGenerator<Uint8Array> {
  let waiting: PackedFrame[] = [];
  let size = 0;
  const take = () => {
    const chunk = joined(waiting, size);
    [waiting, size] = [[], 0];
    return chunk;
  };
  for await (const frame of frames) {
    const alone = frame.bytes.length >= CHUNK / 2;
    if (size > 0 && (alone || size + frame.bytes.length > CHUNK)) yield* passing(take());
    if (alone) yield* passing(frame);
    else {
      waiting.push(frame);
      size += frame.bytes.length;
    }
  }
  if (size > 0) yield* passing(take());
}

function* passing({ bytes, done }: PackedFrame): Generator<Uint8Array> {
  yield bytes;
  done?.();
}

function joined(frames: readonly PackedFrame[], size: number): PackedFrame {
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const frame of frames) {
    bytes.set(frame.bytes, at);
    at += frame.bytes.length;
    frame.done?.();
  }
  return { bytes, done: () => free(bytes) };
}
