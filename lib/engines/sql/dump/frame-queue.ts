import type { RawFrame } from '../../engine.ts';
import { FRAME } from './frame-buffers.ts';

/** Frames on their way from the connections to whoever iterates the dump. */
export interface FrameQueue {
  /** Never waits; who pushes asks `full` before reading on. */
  push(frame: RawFrame): void;
  readonly full: boolean;
  /** Resolves when the queue is not full. */
  room(): Promise<void>;
  /** One row larger than a frame at a time: resolves when it is the caller's turn, until that frame was taken. */
  turnForLarge(): Promise<void>;
  /** The next frame; `undefined` after the end. @throws what `fail` was called with, at once. */
  next(): Promise<RawFrame | undefined>;
  end(): void;
  readonly failed: boolean;
  /** The first one counts. */
  fail(error: unknown): void;
}

export function frameQueue(limit: number): FrameQueue {
  const frames: RawFrame[] = [];
  const waiting: (() => void)[] = [];
  const large = turns();
  let bytes = 0;
  let state: 'open' | 'ended' | { error: unknown } = 'open';
  let wake = Promise.withResolvers<void>();
  const signal = () => wake.resolve();

  async function next(): Promise<RawFrame | undefined> {
    large.taken();
    for (;;) {
      if (typeof state === 'object') throw state.error;
      const frame = frames.shift();
      if (frame) return handOver(frame);
      if (state === 'ended') return undefined;
      wake = Promise.withResolvers<void>();
      await wake.promise;
    }
  }

  function handOver(frame: RawFrame): RawFrame {
    bytes -= frame.bytes.length;
    if (bytes < limit) for (const resolve of waiting.splice(0)) resolve();
    if (frame.bytes.length > FRAME) large.given();
    return frame;
  }

  return {
    push: (frame) => {
      frames.push(frame);
      bytes += frame.bytes.length;
      signal();
    },
    get full() {
      return bytes >= limit;
    },
    room: () => (bytes < limit ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
    turnForLarge: large.turn,
    get failed() {
      return typeof state === 'object';
    },
    next,
    end: () => {
      if (state === 'open') state = 'ended';
      signal();
    },
    fail: (error) => {
      if (typeof state !== 'object') state = { error };
      signal();
    },
  };
}

/** A turn ends when the frame was given to the consumer, and the consumer came back for another one. */
function turns() {
  const waiting: (() => void)[] = [];
  let busy = false;
  let given = false;
  return {
    turn: async () => {
      if (busy) await new Promise<void>((resolve) => void waiting.push(resolve));
      busy = true;
    },
    given: () => {
      given = true;
    },
    taken: () => {
      if (!given) return;
      given = false;
      busy = waiting.length > 0;
      waiting.shift()?.();
    },
  };
}
