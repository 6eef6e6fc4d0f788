import type { Pool } from '../../sql/load/pool.ts';
import { roomFor } from '../../sql/load/room.ts';
import type { MysqlSession } from '../connection/session.ts';
import type { Batch } from './batch.ts';

/** Brings batches of rows to the sessions of a pool. */
export interface Lanes {
  /** Resolves when a session has taken it, or it waits for its turn in its table. */
  start(batch: Batch): Promise<void>;
}

/** Bytes of batches that may wait for their turn. */
const WAITING = 8 * 1024 * 1024;

/**
 * Rows of a table that keeps them in the order of a key go to whichever session is free; those of another one go in
 * one after the other, as the dump has them: that is the order in which they will be read.
 */
export function lanesOf(
  pool: Pool<MysqlSession>,
  isKeyed: (table: string) => boolean,
  run: (session: MysqlSession, batch: Batch) => Promise<void>,
): Lanes {
  /** By table, the batches that one session brings in. */
  const queues = new Map<string, Batch[]>();
  const room = roomFor(WAITING);

  async function drain(session: MysqlSession, table: string, queue: Batch[]): Promise<void> {
    try {
      for (let batch = queue[0]; batch; batch = queue[0]) {
        await run(session, batch);
        room.give(batch.size);
        queue.shift();
      }
      queues.delete(table);
    } catch (error) {
      room.open();
      throw error;
    }
  }

  return {
    start: async (batch) => {
      const { table } = batch;
      if (isKeyed(table)) return await pool.start((session) => run(session, batch));
      const queue = queues.get(table);
      if (queue) queue.push(batch);
      else {
        const begun = [batch];
        queues.set(table, begun);
        await pool.start((session) => drain(session, table, begun));
      }
      await room.take(batch.size);
    },
  };
}
