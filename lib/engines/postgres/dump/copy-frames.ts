import type { RawFrame } from '../../engine.ts';
import { FRAME, type FrameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { CopyTask } from './copy-plan.ts';

const TRAILER = Buffer.from('\\.\n\n');

/** No frame is begun. */
const NONE = Buffer.alloc(0);

/** Puts the rows of one COPY into frames: each with its header, whole rows and the end mark. */
export interface CopyFrames {
  /** Says that a row of `size` bytes follows; what was appended before is whole rows. `true` when it is a large one. */
  startRow(size: number): boolean;
  /** Bytes that the frame can still take before another one must be begun. */
  readonly room: number;
  append(bytes: Uint8Array, rows: number): void;
  /** The last frame, once all rows were appended. */
  finish(): void;
  /** Gives the memory back when the COPY failed. */
  abandon(): void;
}

/**
 * A row that does not fit begins a new frame, so frames are cut at the same rows in every dump of the same data. A row
 * larger than a frame gets one of its own, in memory of its size: at most 1 GiB, the server's limit of a message.
 */
export function copyFrames(
  task: CopyTask,
  buffers: FrameBuffers,
  push: (frame: RawFrame) => void,
): CopyFrames {
  const header = Buffer.from(task.header);
  const around = header.length + TRAILER.length;
  let buffer: Buffer = NONE;
  let used = 0;
  let rows = 0;
  let frames = 0;

  function begin(size: number): void {
    buffer = buffers.take(around + size);
    buffer.set(header);
    used = header.length;
    rows = 0;
  }

  function cut(): void {
    buffer.set(TRAILER, used);
    push({ section: 'data', table: task.table, rows, ...buffers.seal(buffer, used + TRAILER.length) });
    buffer = NONE;
    frames += 1;
  }

  const room = () => (buffer === NONE ? 0 : buffer.length - TRAILER.length - used);

  return {
    startRow: (size) => {
      if (buffer !== NONE && size > room()) cut();
      if (buffer === NONE) begin(size);
      return around + size > FRAME;
    },
    get room() {
      return room();
    },
    append: (bytes, count) => {
      buffer.set(bytes, used);
      used += bytes.length;
      rows += count;
    },
    finish: () => {
      if (buffer === NONE && frames === 0 && task.first) begin(0);
      if (buffer !== NONE) cut();
    },
    abandon: () => {
      if (buffer !== NONE) buffers.drop(buffer);
      buffer = NONE;
    },
  };
}
