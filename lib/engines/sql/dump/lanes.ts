import type { RawFrame } from '../../engine.ts';
import type { FrameQueue } from './frame-queue.ts';

/** Where one COPY puts its frames. */
export interface Lane {
  push(frame: RawFrame): void;
  readonly full: boolean;
  /** Resolves when there is room again. */
  room(): Promise<void>;
  /** See `FrameQueue`. */
  turnForLarge(): Promise<void>;
  /** No frame follows. */
  end(): void;
}

/** Bytes that were read before their turn. */
export interface Ahead {
  readonly limit: number;
  bytes: number;
}

/** Puts one COPY's frames straight into the queue. */
export function directLane(queue: FrameQueue): Lane {
  return {
    push: queue.push,
    get full() {
      return queue.full;
    },
    room: queue.room,
    turnForLarge: queue.turnForLarge,
    end: () => {},
  };
}

/**
 * Lanes for tables and ranges of them, to be taken in their order. Frames come out in that order, whoever is faster: so
 * a restored table has its rows where they were, as with the database's own tools, and an index on their order is worth
 * as much; and all frames of a table lie side by side. Only the first one that has not ended pushes; the others hold
 * theirs, all of them `ahead.limit` bytes together, then wait.
 */
export function orderedLanes(queue: FrameQueue, ahead: Ahead): () => Lane {
  let turn = Promise.resolve();
  return () => {
    const mine = turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    turn = promise;
    return waitingLane(queue, ahead, mine, resolve);
  };
}

function waitingLane(queue: FrameQueue, ahead: Ahead, turn: Promise<void>, next: () => void): Lane {
  const held: RawFrame[] = [];
  let open = false;
  const opened = turn.then(() => {
    open = true;
    for (const frame of held.splice(0)) {
      ahead.bytes -= frame.bytes.length;
      queue.push(frame);
    }
  });
  return {
    push: (frame) => {
      if (open) return queue.push(frame);
      held.push(frame);
      ahead.bytes += frame.bytes.length;
    },
    get full() {
      return open ? queue.full : ahead.bytes >= ahead.limit;
    },
    room: async () => {
      await opened;
      await queue.room();
    },
    turnForLarge: async () => {
      // One that held the turn for large rows before its own would keep it from the range that all wait for.
      await opened;
      await queue.turnForLarge();
    },
    end: () => void opened.then(next),
  };
}
