import { free } from '../../../memory.ts';
import type { Room } from '../../sql/load/room.ts';

/** Some rows of a table, which one session brings in. */
export interface Block {
  /** Bytes written so far. */
  readonly size: number;
  /** Copies the bytes; resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  /** Passes all that was and will be written on. @throws what `take` throws */
  sendTo(take: (bytes: Uint8Array) => Promise<void>): Promise<void>;
}

export function blockOf(room: Room): Block {
  const parts: Buffer[] = [];
  let [size, isOver] = [0, false];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    get size() {
      return size;
    },
    write: async (bytes) => {
      parts.push(copyOf(bytes));
      size += bytes.length;
      tell();
      await room.take(bytes.length);
    },
    end: () => {
      isOver = true;
      tell();
    },
    sendTo: async (take) => {
      for (;;) {
        const part = parts.shift();
        if (part) {
          const { length } = part;
          await take(part);
          free(part);
          room.give(length);
        } else if (isOver) return;
        else await changed.promise;
      }
    },
  };
}

/** In memory of its own, which can be given back. */
function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
