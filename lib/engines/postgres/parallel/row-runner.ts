import type { Counts } from '../../sql/load/counts.ts';
import type { Pool } from '../../sql/load/pool.ts';
import { roomFor } from '../../sql/load/room.ts';
import type { Copy } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import { tableCopy } from './table-copy.ts';

/** Rows that one session takes at a time, bytes: a file's own blocks may hold whole tables. */
const BLOCK = 4 * 1024 * 1024;

/**
 * Rows of a table that go in in the order of the dump, bytes; what comes after them goes to any session. So small
 * tables keep their order, as everybody is used to it, though no database promises it.
 */
const IN_ORDER = 16 * 1024 * 1024;

/** Bytes that may wait: all that must go in in order, and a block for each of a few sessions. */
const WAITING = 24 * 1024 * 1024;

/** What it takes to bring rows in. */
export interface RowTarget {
  readonly pool: Pool<PgSession>;
  /** One of the pool's. */
  readonly first: PgSession;
  readonly counts: Counts;
}

/** Brings rows in over all sessions of a pool. */
export interface RowRunner {
  begin(copy: Copy): Promise<void>;
  write(bytes: Uint8Array, isOpen: boolean): Promise<void>;
  end(): void;
  /** All rows are there. */
  settle(): Promise<void>;
  /** No more will come, as something failed: nobody is to wait for them. */
  abandon(): void;
}

export function rowRunner({ pool, first, counts }: RowTarget): RowRunner {
  const room = roomFor(WAITING);
  const sizes = new Map<string, number>();
  const sizeOf = (table: string) => sizes.get(table) ?? 0;
  let isSettled = true;
  let oneByOne = false;
  let current = NONE;

  /** Rows of the same table may still be on their way: where those that follow must not overtake them, they wait. */
  async function waitFor(table: string): Promise<void> {
    const isInOrder = sizeOf(table) > 0 && sizeOf(table) < IN_ORDER;
    if (oneByOne || isInOrder) await pool.idle();
  }

  function feedOf(copy: Copy): TableFeed {
    const { table } = copy;
    const rows = tableCopy(copy, room, counts);
    let block = rows.begin();

    /** A session begins with the table, or one that has nothing to do takes part. */
    async function call(): Promise<void> {
      const isHelped = !oneByOne && sizeOf(table) >= IN_ORDER && rows.waiting > 0 && pool.hasFree;
      if (rows.workers === 0 || isHelped) await pool.start(rows.work);
    }

    const nextBlock = () => {
      block = rows.begin();
      return call();
    };

    return {
      continues: rows.continues,
      call,
      nextBlock,
      write: async (bytes, isOpen) => {
        sizes.set(table, sizeOf(table) + bytes.length);
        await block.write(bytes);
        if (block.size < BLOCK || isOpen) return;
        block.end();
        await nextBlock();
      },
      endBlock: () => block.end(),
      end: rows.end,
    };
  }

  return {
    settle: async () => {
      current.end();
      current = NONE;
      if (!isSettled) await pool.idle();
      isSettled = true;
    },
    begin: async (copy) => {
      // Where rows refer to other rows, or set something off, their order may matter.
      if (isSettled) oneByOne = await rowsDepend(first);
      isSettled = false;
      if (current.continues(copy)) return await current.nextBlock();
      current.end();
      await waitFor(copy.table);
      current = feedOf(copy);
      await current.call();
    },
    write: (bytes, isOpen) => current.write(bytes, isOpen),
    end: () => current.endBlock(),
    abandon: () => {
      current.endBlock();
      current.end();
    },
  };
}

/** Rows of one table, cut into blocks that sessions take. */
interface TableFeed {
  /** Whether the rows of `copy` may go on here. */
  continues(copy: Copy): boolean;
  /** Calls a session for what waits, if need be. */
  call(): Promise<void>;
  nextBlock(): Promise<void>;
  write(bytes: Uint8Array, isOpen: boolean): Promise<void>;
  endBlock(): void;
  /** No block follows. */
  end(): void;
}

/** Before the first rows, and when all are there. */
const NONE: TableFeed = {
  continues: () => false,
  call: async () => {},
  nextBlock: async () => {},
  write: async () => {
    throw new Error('Rows came outside of a COPY.');
  },
  endBlock: () => {},
  end: () => {},
};

/** In files of pg_dump, foreign keys and triggers come after the rows; in others they may not. */
async function rowsDepend({ client }: PgSession): Promise<boolean> {
  const sql = 'SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger) AS found';
  return (await oneRow<{ found: boolean }>(client, sql)).found;
}
