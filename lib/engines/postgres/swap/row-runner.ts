import type { Counts } from '../../sql-load/counts.ts';
import type { Pool } from '../../sql-load/pool.ts';
import { roomFor } from '../../sql-load/room.ts';
import type { PgSession } from '../connection/connect.ts';
import { type Copy, Statement } from '../sql/items.ts';
import { type Block, blockFor } from './block.ts';

/** Rows of one COPY statement, bytes: a file's own blocks may hold whole tables, which one session alone would copy. */
const BLOCK = 4 * 1024 * 1024;

/**
 * Rows of a table that go in in the order of the dump, bytes; what comes after them goes to any session. So small
 * tables keep their order, as everybody is used to it, though no database promises it.
 */
const IN_ORDER = 16 * 1024 * 1024;

/** Bytes that may wait: all that must go in in order, and a block for each of a few sessions. */
const WAITING = 24 * 1024 * 1024;

/** Brings rows in over all sessions of a pool. */
export interface RowRunner {
  begin(copy: Copy): Promise<void>;
  write(bytes: Uint8Array, isOpen: boolean): Promise<void>;
  end(): void;
  /** All rows are there. */
  settle(): Promise<void>;
}

/** Blocks of one table that go in one after the other. */
interface Lane {
  size: number;
  /** `undefined` when none is on its way. */
  queue: Block[] | undefined;
}

export function rowRunner(pool: Pool<PgSession>, counts: Counts): RowRunner {
  const room = roomFor(WAITING);
  const lanes = new Map<string, Lane>();
  let isSettled = true;
  let oneByOne = false;
  let copy: Copy | undefined;
  let block: Block | undefined;

  async function send(blocks: Block[], table: string): Promise<void> {
    await pool.start(async (session) => {
      try {
        for (let next = blocks[0]; next; next = blocks[0]) {
          counts.add(table, await next.send(session));
          blocks.shift();
        }
      } catch (error) {
        room.open();
        throw error;
      }
    });
  }

  async function next(): Promise<Block> {
    const { table, statement } = copy!;
    const begun = blockFor(statement, room);
    if (oneByOne) await pool.idle();
    const lane = laneOf(table);
    if (lane.size >= IN_ORDER) await send([begun], table);
    else if (lane.queue && lane.queue.length > 0) lane.queue.push(begun);
    else {
      lane.queue = [begun];
      await send(lane.queue, table);
    }
    return begun;
  }

  function laneOf(table: string): Lane {
    const lane = lanes.get(table) ?? { size: 0, queue: undefined };
    lanes.set(table, lane);
    return lane;
  }

  return {
    settle: async () => {
      if (!isSettled) await pool.idle();
      isSettled = true;
    },
    begin: async (item) => {
      // Where rows refer to other rows, or set something off, their order may matter.
      if (isSettled) oneByOne = await rowsDepend(pool);
      isSettled = false;
      const { bytes, line, encoding } = item.statement;
      // Its bytes belong to the splitter.
      copy = { ...item, statement: new Statement(Buffer.from(bytes), line, encoding) };
      block = await next();
    },
    write: async (bytes, isOpen) => {
      laneOf(copy!.table).size += bytes.length;
      await block!.write(bytes);
      if (block!.size < BLOCK || isOpen) return;
      block!.end();
      block = await next();
    },
    end: () => block!.end(),
  };
}

/** In files of pg_dump, foreign keys and triggers come after the rows; in others they may not. */
async function rowsDepend({ sessions }: Pool<PgSession>): Promise<boolean> {
  const { rows } = await sessions[0]!.client.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger) AS found',
  );
  return rows[0]!.found;
}
