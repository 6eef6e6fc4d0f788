import type { FrameBuffers } from '../../sql-dump/frame-buffers.ts';
import type { FrameQueue } from '../../sql-dump/frame-queue.ts';
import { directLane, type Lane } from '../../sql-dump/lanes.ts';
import type { PgSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { type CopyOutput, copyOut } from './copy-out.ts';
import type { CopyTask } from './copy-plan.ts';

export interface LaneTask {
  readonly task: CopyTask;
  readonly lane: Lane;
}

export interface TableWork {
  /** Taken in this order by whoever is free. */
  readonly tasks: Iterator<LaneTask>;
  /** What could not be locked, for the connection that holds all locks. */
  readonly blocked: CopyTask[];
  readonly queue: FrameQueue;
  readonly buffers: FrameBuffers;
  /** A task has ended; rows of it. */
  readonly onDone: (task: CopyTask, rows: number) => void;
}

/**
 * Copies tables over one connection until none is left. The connection with the DDL holds a lock on each, so we get
 * ours at once, but behind a session that waits for an ACCESS EXCLUSIVE lock (and for us) we would wait for ever: as
 * pg_dump does (parallel.c, lockTableForWorker), we do not wait. The savepoint lets go of each lock after use:
 * thousands would fill the server's lock table.
 */
export async function readTables(session: PgSession, work: TableWork): Promise<void> {
  for (let next = work.tasks.next(); !next.done; next = work.tasks.next()) {
    const { task, lane } = next.value;
    const { source, sql } = task;
    const statements = `LOCK TABLE ONLY ${source} IN ACCESS SHARE MODE NOWAIT; ${sql}; ROLLBACK TO SAVEPOINT cofre`;
    try {
      work.onDone(task, await copyOut(session, statements, task, outputOf(work, lane)));
    } catch (error) {
      if (!isServerError(error) || error.code !== LOCK_NOT_AVAILABLE) throw error;
      await session.client.query('ROLLBACK TO SAVEPOINT cofre');
      work.blocked.push(task);
    }
    // Also of one that was blocked: the others would wait for it in vain.
    lane.end();
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Copies what was blocked, over the connection that has the locks already. */
export async function readBlocked(session: PgSession, work: TableWork): Promise<void> {
  for (const task of work.blocked) {
    work.onDone(task, await copyOut(session, task.sql, task, outputOf(work, directLane(work.queue))));
  }
}

function outputOf({ queue, buffers }: TableWork, lane: Lane): CopyOutput {
  return { lane, buffers, unwanted: () => queue.failed };
}
