import type { RawFrame } from '../engines/engine.ts';
import { CofreError } from '../errors.ts';
import { bufferPool, free } from '../memory.ts';
import type { Store } from '../store/store.ts';
import { codecs } from './compression.ts';
import type { FrameRecord, Manifest } from './manifest.ts';
import { mapInOrder } from './pipeline.ts';
import { sha256 } from './writer.ts';

const CONCURRENCY = 4;
/** Bytes of unpacked frames under way; a larger frame is unpacked alone. */
const BYTES = 8 * 1024 * 1024;

/**
 * Frames of an archive, in order, each one checked against the manifest and unpacked; by default all of them. Reads
 * only the byte ranges it needs.
 * @throws {CofreError} `BACKUP_DAMAGED` at the first byte that is not as the manifest says.
 */
export async function* readArchive(
  store: Store,
  key: string,
  manifest: Manifest,
  signal: AbortSignal,
  frames: readonly FrameRecord[] = manifest.frames,
): AsyncGenerator<RawFrame> {
  await requireSize(store, key, manifest);
  const packed = cut(store, key, frames, signal);
  const weight = { limit: BYTES, of: ({ record }: Packed) => record.rawSize };
  yield* mapInOrder(packed, CONCURRENCY, (it) => unpack(it, manifest), weight);
}

async function requireSize(store: Store, key: string, { archive }: Manifest): Promise<void> {
  const found = await store.head(key);
  if (!found) throw damaged(key, 'it is missing');
  if (found.size !== archive.size)
    throw damaged(key, `it has ${found.size} bytes instead of ${archive.size}`);
}

interface Packed {
  readonly record: FrameRecord;
  readonly bytes: Uint8Array;
  /** Gives `bytes` back; they are then written over. */
  readonly release: () => void;
}

/** Neighbouring frames come from one ranged read. */
async function* cut(
  store: Store,
  key: string,
  frames: readonly FrameRecord[],
  signal: AbortSignal,
): AsyncGenerator<Packed> {
  for (const { start, end, frames: neighbours } of runs(frames))
    yield* slice(store.read(key, { start, end, signal }), neighbours);
}

/** Frames that follow each other without a gap, from byte `start` to `end` of the archive. */
interface Run {
  readonly start: number;
  end: number;
  readonly frames: FrameRecord[];
}

function runs(frames: readonly FrameRecord[]): Run[] {
  const found: Run[] = [];
  for (const frame of frames) {
    const { offset: start, size } = frame;
    const last = found.at(-1);
    if (last?.end === start) {
      last.frames.push(frame);
      last.end += size;
    } else found.push({ start, end: start + size, frames: [frame] });
  }
  return found;
}

/** Cuts a stream of bytes, which the store guarantees to be as long as was asked, at the frames' borders. */
async function* slice(
  chunks: AsyncIterable<Uint8Array>,
  frames: readonly FrameRecord[],
): AsyncGenerator<Packed> {
  const pool = bufferPool(Math.max(...frames.map((frame) => frame.size)));
  const records = frames.values();
  let record = records.next().value;
  let buffer = pool.take();
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; record && at < chunk.length; ) {
      const part = chunk.subarray(at, at + record.size - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < record.size) continue;
      yield packed(record, buffer, pool.give);
      record = records.next().value;
      buffer = pool.take();
      filled = 0;
    }
  }
  // Frames of no bytes at the very end: no chunk comes with them.
  for (; record?.size === 0; record = records.next().value) yield packed(record, Buffer.alloc(0), () => {});
  if (record) throw damaged(`frame at byte ${record.offset}`, 'the store ended too early');
}

function packed(record: FrameRecord, buffer: Buffer, give: (buffer: Buffer) => void): Packed {
  return { record, bytes: buffer.subarray(0, record.size), release: () => give(buffer) };
}

async function unpack({ record, bytes, release }: Packed, manifest: Manifest): Promise<RawFrame> {
  const { section, table, rows, rawSize, offset } = record;
  const where = `${manifest.archive.file}, frame at byte ${offset}`;
  if (sha256(bytes) !== record.sha256) throw damaged(where, 'its hash does not match');
  try {
    const raw = await codecs[manifest.archive.compression].unpack(bytes, rawSize);
    const own = raw !== bytes;
    if (own) release();
    const done = own ? () => free(raw) : release;
    return { section, ...(table !== undefined && { table }), rows, bytes: raw, release: done };
  } catch (error) {
    throw damaged(where, (error as Error).message, error);
  }
}

function damaged(what: string, why: string, cause?: unknown): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The archive is damaged (${what}): ${why}.`, {
    cause,
    hint: 'This backup cannot be restored. Use another one; `cofre list` shows them.',
  });
}
