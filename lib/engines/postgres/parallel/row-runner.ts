import type { Counts } from '../../sql/load/counts.ts';
import type { Pool } from '../../sql/load/pool.ts';
import { roomFor } from '../../sql/load/room.ts';
import type { Copy } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import type { Block } from './block.ts';
import { type TableCopy, tableCopy } from './table-copy.ts';

/** Rows that one session takes at a time, bytes: a file's own blocks may hold whole tables. */
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
  /** No more will come, as something failed: nobody is to wait for them. */
  abandon(): void;
}

export function rowRunner(pool: Pool<PgSession>, counts: Counts): RowRunner {
  const room = roomFor(WAITING);
  const sizes = new Map<string, number>();
  let isSettled = true;
  let oneByOne = false;
  let current: TableCopy | undefined;
  let block: Block | undefined;

  async function beginTable(copy: Copy): Promise<void> {
    current?.end();
    // Rows of the same table may still be on their way: those that follow must not overtake them.
    if (oneByOne || inOrder(copy.table)) await pool.idle();
    current = tableCopy(copy, room, counts);
  }

  const inOrder = (table: string) => sizes.has(table) && sizes.get(table)! < IN_ORDER;

  async function next(): Promise<Block> {
    const begun = current!.begin();
    if (current!.workers === 0) await pool.start(current!.work);
    else if (!oneByOne && sizes.get(current!.table)! >= IN_ORDER) await help(current!);
    return begun;
  }

  /** A session that has nothing to do takes part. */
  async function help({ waiting, work }: TableCopy): Promise<void> {
    if (waiting > 0 && pool.hasFree) await pool.start(work);
  }

  return {
    settle: async () => {
      current?.end();
      current = undefined;
      if (!isSettled) await pool.idle();
      isSettled = true;
    },
    begin: async (copy) => {
      // Where rows refer to other rows, or set something off, their order may matter.
      if (isSettled) oneByOne = await rowsDepend(pool);
      isSettled = false;
      if (!current?.continues(copy)) await beginTable(copy);
      block = await next();
    },
    write: async (bytes, isOpen) => {
      const { table } = current!;
      sizes.set(table, (sizes.get(table) ?? 0) + bytes.length);
      await block!.write(bytes);
      if (block!.size < BLOCK || isOpen) return;
      block!.end();
      block = await next();
    },
    end: () => block!.end(),
    abandon: () => {
      block?.end();
      current?.end();
    },
  };
}

/** In files of pg_dump, foreign keys and triggers come after the rows; in others they may not. */
async function rowsDepend({ sessions }: Pool<PgSession>): Promise<boolean> {
  const { rows } = await sessions[0]!.client.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger) AS found',
  );
  return rows[0]!.found;
}
