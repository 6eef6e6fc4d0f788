/** Frame formats of RFC 8878, 3.1. */
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const BLOCK_RLE = 1;

/**
 * The same bytes, in chunks that never go past the end of a zstd frame: the decompressor of node:zlib drops, without
 * a word, what follows a frame's end in the same chunk.
 * @throws when what begins a frame is none.
 */
export async function* cutAtFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const layout = walkFrames();
  let step = layout.next().value;
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + step.bytes - held.length - step.passed);
      if (step.keep) held = Buffer.concat([held, part]);
      else step.passed += part.length;
      at += part.length;
      while (held.length + step.passed === step.bytes) {
        step = layout.next(held).value;
        held = Buffer.alloc(0);
        if (!step.startsFrame) continue;
        yield chunk.subarray(start, at);
        start = at;
      }
    }
    if (start < chunk.length) yield chunk.subarray(start);
  }
}

/** So many bytes come next; they are handed back when `keep`. */
interface Step {
  readonly bytes: number;
  readonly keep: boolean;
  readonly startsFrame: boolean;
  passed: number;
}

const take = (bytes: number, startsFrame = false): Step => ({ bytes, keep: true, startsFrame, passed: 0 });
const pass = (bytes: number): Step => ({ bytes, keep: false, startsFrame: false, passed: 0 });

function* walkFrames(): Generator<Step, never, Buffer> {
  for (;;) {
    const magic = (yield take(4, true)).readUInt32LE();
    if ((magic & 0xfffffff0) === SKIPPABLE) yield pass((yield take(4)).readUInt32LE());
    else yield* walkFrame(magic);
  }
}

function* walkFrame(magic: number): Generator<Step, void, Buffer> {
  if (magic !== MAGIC)
    throw Object.assign(new Error('no zstd frame where one must begin'), { code: 'ZSTD_error' });
  const descriptor = (yield take(1)).readUInt8();
  const single = (descriptor & 0x20) !== 0;
  yield pass((single ? 0 : 1) + dictionaryBytes(descriptor & 3) + contentBytes(descriptor >> 6, single));
  for (let last = false; !last; ) {
    const header = (yield take(3)).readUIntLE(0, 3);
    last = (header & 1) === 1;
    yield pass(((header >> 1) & 3) === BLOCK_RLE ? 1 : header >> 3);
  }
  if (descriptor & 4) yield pass(4);
}

/** Of the dictionary's id, by its flag: 0, 1, 2 or 4 (3.1.1.1.1.6). */
const dictionaryBytes = (flag: number) => (1 << flag) >> 1;

/** Of the content's size, by its flag: 2, 4 or 8; without one, 1 in a single segment, else none (3.1.1.1.1.1). */
function contentBytes(flag: number, single: boolean): number {
  if (flag > 0) return 1 << flag;
  return single ? 1 : 0;
}
