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

export function copiesOf(
  tasks: readonly CopyTask[],
  buffers: FrameBuffers,
  lane: Lane,
  onDone: OnDone,
): Copies {
  const left = [...tasks];
  let task: CopyTask | undefined;
  let frames: CopyFrames | undefined;
  let rows = 0;
  return {
    target: {
      startRow: (size) => frames!.startRow(size),
      get room() {
        return frames!.room;
      },
      append: (bytes, count) => {
        rows += count;
        frames!.append(bytes, count);
      },
    },
    begin: () => {
      task = left.shift()!;
      frames = copyFrames(task, buffers, lane.push);
      rows = 0;
    },
    end: (copied) => {
      if (rows !== copied) {
        throw new Error(`The server says that it sent ${copied} rows of ${task!.table}, but ${rows} came.`);
      }
      frames!.finish();
      frames = undefined;
      onDone(task!, rows);
    },
    requireAll: () => {
      if (left.length === 0 && !frames) return;
      throw new Error(`The server did not send all rows of ${(frames ? task : left[0])!.table}.`);
    },
    abandon: () => frames?.abandon(),
  };
}
