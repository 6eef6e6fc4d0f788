import { createHash, hash } from 'node:crypto';
import type { RawFrame } from '../engines/engine.ts';
import { free } from '../memory.ts';
import { inChunks, type PackedFrame } from './chunks.ts';
import { type Compression, type Content, codecs } from './compression.ts';
import type { FrameRecord } from './manifest.ts';
import { packersOf } from './packers.ts';
import { mapInOrder } from './pipeline.ts';

/** Frames packed at the same time: as many as libuv has threads. */
const CONCURRENCY = 4;

/** Bytes of frames packed at the same time; a larger frame is packed alone. */
const BYTES = 8 * 1024 * 1024;

/** What the archive is, once all its bytes have been taken. */
export interface ArchiveSummary {
  readonly size: number;
  readonly rawSize: number;
  /** Hex, of all bytes. */
  readonly sha256: string;
  readonly frames: readonly FrameRecord[];
}

export interface ArchiveWriter {
  /**
   * The archive's bytes, to be taken once; fails when the frames' source fails. A chunk is gone when the next one is asked
   * for.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Valid once `chunks` has ended. */
  summary(): ArchiveSummary;
}

/** Packs and hashes frames in parallel (libuv's threads), and joins them in their order. */
export function writeArchive(
  frames: AsyncIterable<RawFrame>,
  compression: Compression,
  content: Content,
): ArchiveWriter {
  const weight = { limit: BYTES, of: ({ bytes }: RawFrame) => bytes.length };
  const records: FrameRecord[] = [];
  const whole = createHash('sha256');
  let offset = 0;
  async function* packed(): AsyncGenerator<PackedFrame> {
    using packers = packersOf(codecs[compression], content);
    const pack = async (frame: RawFrame) => {
      const record = describe(frame); // Now: what is released may have no length any more.
      const bytes = await packers.pack(frame.bytes);
      const own = bytes !== frame.bytes;
      if (own) frame.release?.();
      const done = own ? () => free(bytes) : frame.release;
      return { record, bytes, sha256: sha256(bytes), done };
    };
    for await (const { record, bytes, sha256, done } of mapInOrder(frames, CONCURRENCY, pack, weight)) {
      records.push({ ...record, offset, size: bytes.length, sha256 });
      whole.update(bytes);
      offset += bytes.length;
      yield { bytes, done };
    }
  }
  return {
    chunks: inChunks(packed()),
    summary: () => summarize(records, offset, whole.copy().digest('hex')),
  };
}

function describe({ section, table, rows, bytes }: RawFrame) {
  return { section, ...(table !== undefined && { table }), rows, rawSize: bytes.length };
}

function summarize(frames: readonly FrameRecord[], size: number, hash: string): ArchiveSummary {
  const rawSize = frames.reduce((sum, frame) => sum + frame.rawSize, 0);
  return { size, rawSize, sha256: hash, frames };
}

/** Hex SHA-256. On this thread: a frame takes a fraction of a millisecond, less than handing it over. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
