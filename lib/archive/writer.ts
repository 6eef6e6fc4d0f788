import { createHash, hash } from 'node:crypto';
import type { RawFrame } from '../engines/engine.ts';
import { free } from '../memory.ts';
import { inChunks, type PackedFrame } from './chunks.ts';
import { type Compression, type Content, codecs } from './compression.ts';
import type { FrameRecord } from './manifest.ts';
import type { Packer } from './packer.ts';
import { packersOf } from './packers.ts';
import { mapInOrder } from './pipeline.ts';

/** Frames packed at the same time: as many as libuv has threads. */
const CONCURRENCY = 4;

/** Bytes of frames packed at the same time; a larger frame is packed alone. */
const WEIGHT = { limit: 8 * 1024 * 1024, of: ({ bytes }: RawFrame) => bytes.length };

/** What the archive is, once all its bytes have been taken. */
export interface ArchiveSummary {
  readonly size: number;
  readonly rawSize: number;
  /** Hex, of all bytes. */
  readonly sha256: string;
  readonly frames: readonly FrameRecord[];
}

/**
 * Packs and hashes frames in parallel (libuv's threads), and joins them in their order. Yields the archive's bytes and,
 * once all of them have been taken, returns what it is; fails when the frames' source fails. A chunk is gone when the
 * next one is asked for.
 */
export async function* writeArchive(
  frames: AsyncIterable<RawFrame>,
  compression: Compression,
  content: Content,
): AsyncGenerator<Uint8Array, ArchiveSummary, void> {
  const records: FrameRecord[] = [];
  const whole = createHash('sha256');
  let size = 0;
  async function* packed(): AsyncGenerator<PackedFrame> {
    using packers = packersOf(codecs[compression], content);
    for await (const { record, bytes, done } of mapInOrder(frames, CONCURRENCY, packingBy(packers), WEIGHT)) {
      records.push({ ...record, offset: size, size: bytes.length });
      whole.update(bytes);
      size += bytes.length;
      yield { bytes, done };
    }
  }
  yield* inChunks(packed());
  const rawSize = records.reduce((sum, frame) => sum + frame.rawSize, 0);
  return { size, rawSize, sha256: whole.digest('hex'), frames: records };
}

function packingBy(packers: Pick<Packer, 'pack'>) {
  return async (frame: RawFrame) => {
    const described = describe(frame); // Now: what is released may have no length any more.
    const bytes = await packers.pack(frame.bytes);
    const own = bytes !== frame.bytes;
    if (own) frame.release?.();
    const done = own ? () => free(bytes) : frame.release;
    return { record: { ...described, sha256: sha256(bytes) }, bytes, done };
  };
}

function describe({ section, table, rows, bytes }: RawFrame) {
  return { section, ...(table !== undefined && { table }), rows, rawSize: bytes.length };
}

/** Hex SHA-256. On this thread: a frame takes a fraction of a millisecond, less than handing it over. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
