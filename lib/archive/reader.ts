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
  for (const run of runs(frames)) {
    const [first, last] = [run[0]!, run.at(-1)!];
    const chunks = store.read(key, { start: first.offset, end: last.offset + last.size, signal });
    yield* slice(chunks, run);
  }
}

function runs(frames: readonly FrameRecord[]): FrameRecord[][] {
  const found: FrameRecord[][] = [];
  for (const frame of frames) {
    const last = found.at(-1)?.at(-1);
    if (last && last.offset + last.size === frame.offset) found.at(-1)!.push(frame);
    else found.push([frame]);
  }
  return found;
}

/** Cuts a stream of bytes, which the store guarantees to be as long as was asked, at the frames' borders. */
async function* slice(
  chunks: AsyncIterable<Uint8Array>,
  frames: readonly FrameRecord[],
): AsyncGenerator<Packed> {
  const pool = bufferPool(Math.max(...frames.map((frame) => frame.size)));
  let next = 0;
  let buffer = pool.take();
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length && next < frames.length; ) {
      const record = frames[next]!;
      const part = chunk.subarray(at, at + record.size - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < record.size) continue;
      yield packed(record, buffer, pool.give);
      next += 1;
      buffer = pool.take();
      filled = 0;
    }
  }
  // Frames of no bytes at the very end: no chunk comes with them.
  for (; frames[next]?.size === 0; next += 1) yield packed(frames[next]!, Buffer.alloc(0), () => {});
  if (next < frames.length) {
    throw damaged(`frame at byte ${frames[next]!.offset}`, 'the store ended too early');
  }
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
