import type { FileHandle } from 'node:fs/promises';
import type { Snapshot } from '../child/protocol.ts';
import { readFully } from './read-fully.ts';
import type { WalOverlay } from './wal.ts';

/** Bytes read at once; every page size (a power of two up to 64 KiB) divides it. */
export const CHUNK = 2 * 1024 * 1024;

/** `release` gives the bytes back, to be read into again: a dump then needs only a few buffers in all. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly release: () => void;
}

/**
 * The snapshot's database image, in order, in chunks of `CHUNK` bytes (the last may be shorter): the file's pages,
 * with those of the write-ahead log laid over them.
 * @throws {Error} when a page is in neither.
 */
export async function* readImage(
  file: FileHandle,
  snapshot: Snapshot,
  overlay: WalOverlay | undefined,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  const end = snapshot.pages * snapshot.pageSize;
  const free: Buffer[] = [];
  for (let position = 0; position < end; position += CHUNK) {
    signal.throwIfAborted();
    const buffer = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
    const chunk = buffer.subarray(0, Math.min(CHUNK, end - position));
    const inFile = await readFully(file, chunk, position);
    const lacking = await overlay?.apply(chunk, position, inFile);
    if (lacking ?? inFile < chunk.length) {
      throw new Error(`The database file ended at byte ${position + inFile} of ${end}.`);
    }
    yield { bytes: chunk, release: () => void free.push(buffer) };
  }
}
