import type { Room } from '../../sql-load/room.ts';
import type { PgSession } from '../connection/connect.ts';
import { copyIn } from '../load/copy-in.ts';
import { failedStatement } from '../load/damage.ts';
import type { Statement } from '../sql/items.ts';

/** Rows on their way to one table: written here, sent by `send` on a session of its own. */
export interface Block {
  /** Bytes written so far. */
  readonly size: number;
  /** Copies the bytes; resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  /** Runs the COPY to its end; gives how many rows the server took. @throws what the server says */
  send(session: PgSession): Promise<number>;
}

export function blockFor(statement: Statement, room: Room): Block {
  const parts: Buffer[] = [];
  let [size, isOver] = [0, false];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };

  async function copy(session: PgSession): Promise<number> {
    const rows = await copyIn(session, statement.bytes);
    for (;;) {
      const part = parts.shift();
      if (part) {
        await rows.write(part);
        room.give(part.length);
      } else if (isOver) return await rows.finish();
      else await changed.promise;
    }
  }

  return {
    get size() {
      return size;
    },
    write: async (bytes) => {
      parts.push(Buffer.from(bytes));
      size += bytes.length;
      tell();
      await room.take(bytes.length);
    },
    end: () => {
      isOver = true;
      tell();
    },
    send: async (session) => {
      try {
        return await copy(session);
      } catch (error) {
        throw failedStatement(error, statement);
      }
    },
  };
}
