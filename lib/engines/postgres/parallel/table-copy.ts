import type { Counts } from '../../sql/load/counts.ts';
import type { Room } from '../../sql/load/room.ts';
import { failedStatement } from '../load/damage.ts';
import type { Copy } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import { copyIn } from '../wire/copy-in.ts';
import { type Block, blockOf } from './block.ts';

/** Rows of one table on their way, over one session or several. */
export interface TableCopy {
  readonly table: string;
  /** Blocks that no session has taken yet. */
  readonly waiting: number;
  /** Sessions that work on it. */
  readonly workers: number;
  /** Whether `copy` says the same as what this was begun with. */
  continues(copy: Copy): boolean;
  /** The next block; sessions may take it before it is whole. */
  begin(): Block;
  /** No block follows. */
  end(): void;
  /** Brings blocks in until none is left, by one COPY: the server need not wait for us between them. */
  work(session: PgSession): Promise<void>;
}

export function tableCopy({ table, statement }: Copy, room: Room, counts: Counts): TableCopy {
  // Its bytes belong to the splitter.
  const own = statement.keep();
  const blocks: Block[] = [];
  let [isOver, workers] = [false, 0];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };

  async function copy(session: PgSession): Promise<void> {
    const into = await copyIn(session, own.bytes);
    for (;;) {
      const block = blocks.shift();
      if (block) await block.sendTo(into.write);
      else if (isOver) break;
      else await changed.promise;
    }
    counts.add(table, await into.finish());
  }

  return {
    table,
    get waiting() {
      return blocks.length;
    },
    get workers() {
      return workers;
    },
    continues: (next) => next.statement.bytes.equals(own.bytes),
    begin: () => {
      const block = blockOf(room);
      blocks.push(block);
      tell();
      return block;
    },
    end: () => {
      isOver = true;
      tell();
    },
    work: async (session) => {
      workers += 1;
      try {
        await copy(session);
      } catch (error) {
        room.open();
        throw failedStatement(error, own);
      } finally {
        workers -= 1;
      }
    },
  };
}
