import type { FrameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { Lane } from '../../sql/dump/lanes.ts';
import { type CopyFrames, copyFrames } from './copy-frames.ts';
import type { CopyTask } from './copy-plan.ts';

/** Told of each task that has ended. */
export type OnDone = (task: CopyTask, rows: number) => void;

/** COPYs that one connection runs one after the other, and the frames that their rows go into. */
export interface Copies {
  /** Where rows go at this moment. */
  readonly target: Pick<CopyFrames, 'startRow' | 'room' | 'append'>;
  /** The next COPY begins. */
  begin(): void;
  /** It has ended; `copied` is what the server says. @throws {Error} when other rows came than the server counted */
  end(copied: number): void;
  /** @throws {Error} when one of them has not been run. */
  requireAll(): void;
  /** Gives the memory back when one failed. */
  abandon(): void;
}

/** A COPY that is running. */
interface Running extends Pick<CopyFrames, 'startRow' | 'room' | 'append' | 'abandon'> {
  readonly table: string | undefined;
  end(copied: number): void;
}

export function copiesOf(
  tasks: readonly CopyTask[],
  buffers: FrameBuffers,
  lane: Lane,
  onDone: OnDone,
): Copies {
  const left = [...tasks];
  let current = NONE;
  return {
    target: {
      startRow: (size) => current.startRow(size),
      get room() {
        return current.room;
      },
      append: (bytes, count) => current.append(bytes, count),
    },
    begin: () => {
      const task = left.shift();
      if (!task) throw new Error('The server begins a COPY that nobody has asked for.');
      current = running(task, copyFrames(task, buffers, lane.push), onDone);
    },
    end: (copied) => {
      current.end(copied);
      current = NONE;
    },
    requireAll: () => {
      const missing = current.table ?? left[0]?.table;
      if (missing !== undefined) throw new Error(`The server did not send all rows of ${missing}.`);
    },
    abandon: () => current.abandon(),
  };
}

function running(task: CopyTask, frames: CopyFrames, onDone: OnDone): Running {
  const { table } = task;
  let rows = 0;
  return {
    table,
    startRow: frames.startRow,
    get room() {
      return frames.room;
    },
    append: (bytes, count) => {
      rows += count;
      frames.append(bytes, count);
    },
    end: (copied) => {
      if (rows !== copied) {
        throw new Error(`The server says that it sent ${copied} rows of ${table}, but ${rows} came.`);
      }
      frames.finish();
      onDone(task, rows);
    },
    abandon: frames.abandon,
  };
}

/** Before the first COPY, and between two. */
const NONE: Running = {
  table: undefined,
  startRow: outside,
  room: 0,
  append: outside,
  end: outside,
  abandon: () => {},
};

function outside(): never {
  throw new Error('The server sent rows outside of a COPY.');
}
