import { createHash, hash } from 'node:crypto';
import type { RawFrame } from '../engines/engine.ts';
import { type Compression, codecs } from './compression.ts';
import type { FrameRecord } from './manifest.ts';
import { mapInOrder } from './pipeline.ts';

/** Frames packed at the same time; with frames of 2 MiB, some 15 MiB in all. */
const CONCURRENCY = 4;

/** What the archive is, once all its bytes have been taken. */
export interface ArchiveSummary {
  readonly size: number;
  readonly rawSize: number;
  /** Hex, of all bytes. */
  readonly sha256: string;
  readonly frames: readonly FrameRecord[];
}

export interface ArchiveWriter {
  /** The archive's bytes, to be taken once; fails when the frames' source fails. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Valid once `chunks` has ended. */
  summary(): ArchiveSummary;
}

/** Packs and hashes frames in parallel (libuv's threads), and joins them in their order. */
export function writeArchive(frames: AsyncIterable<RawFrame>, compression: Compression): ArchiveWriter {
  const codec = codecs[compression];
  const records: FrameRecord[] = [];
  const whole = createHash('sha256');
  let offset = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const packed = mapInOrder(frames, CONCURRENCY, async (frame) => {
      const bytes = await codec.pack(frame.bytes);
      if (bytes !== frame.bytes) frame.release?.();
      return { frame, bytes, sha256: sha256(bytes) };
    });
    for await (const { frame, bytes, sha256 } of packed) {
      records.push({ ...describe(frame), offset, size: bytes.length, sha256 });
      whole.update(bytes);
      offset += bytes.length;
      yield bytes;
    }
  }
  return { chunks: chunks(), summary: () => summarize(records, offset, whole.copy().digest('hex')) };
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
