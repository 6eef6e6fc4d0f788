import type { RawFrame } from '../../engine.ts';
import type { FrameBuffers } from '../../sql/dump/frame-buffers.ts';

/** Puts rows into INSERTs, and these into frames. */
export interface InsertFrames {
  /** Makes room for the text of a row, at most `size` bytes; says where it goes in `buffer`. */
  begin(size: number): number;
  readonly buffer: Buffer;
  /** The row that was begun ends before `to`. */
  end(to: number): void;
  /** The last frame, once all rows have ended. */
  finish(): void;
  /** Gives the memory back when the rows were not read to their end. */
  abandon(): void;
}

export interface InsertSettings {
  readonly table: string;
  /** `INSERT INTO … VALUES\n` */
  readonly header: Buffer;
  /** Bytes of a statement of more than one row. */
  readonly statement: number;
}

/** A row goes on with `,`, or ends its statement with `;`; each is a line. */
const [COMMA, SEMICOLON, NEWLINE] = [0x2c, 0x3b, 0x0a];
const ENDING = 2;

/** Where no frame is open. */
const NONE = Buffer.alloc(0);

/** A row larger than a frame gets one of its own, in memory of its size. */
export function insertFrames(
  { table, header, statement }: InsertSettings,
  buffers: FrameBuffers,
  push: (frame: RawFrame) => void,
): InsertFrames {
  let buffer: Buffer = NONE;
  let used = 0;
  let began = -1; // Where the open statement begins.
  let rows = 0;

  function closeStatement(): void {
    buffer[used] = SEMICOLON;
    buffer[used + 1] = NEWLINE;
    used += ENDING;
    began = -1;
  }

  function cut(): void {
    if (began >= 0) closeStatement();
    push({ section: 'data', table, rows, ...buffers.seal(buffer, used) });
    buffer = NONE;
  }

  function openStatement(): void {
    began = used;
    buffer.set(header, used);
    used += header.length;
  }

  return {
    get buffer() {
      return buffer;
    },
    begin: (size) => {
      if (began >= 0 && used - began + size + 2 * ENDING > statement) closeStatement();
      const needed = (began >= 0 ? ENDING : header.length) + size + ENDING;
      if (buffer !== NONE && used + needed > buffer.length) cut();
      if (buffer === NONE) {
        buffer = buffers.take(header.length + size + ENDING);
        [used, rows] = [0, 0];
      }
      if (began < 0) openStatement();
      else {
        buffer[used] = COMMA;
        buffer[used + 1] = NEWLINE;
        used += ENDING;
      }
      return used;
    },
    end: (to) => {
      used = to;
      rows += 1;
    },
    finish: () => {
      if (buffer !== NONE) cut();
    },
    abandon: () => {
      if (buffer !== NONE) buffers.drop(buffer);
      buffer = NONE;
    },
  };
}
