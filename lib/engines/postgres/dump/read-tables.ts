import type { FrameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { FrameQueue } from '../../sql/dump/frame-queue.ts';
import { directLane, type Lane } from '../../sql/dump/lanes.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import type { OnDone } from './copies.ts';
import { type CopyOutput, copyOut } from './copy-out.ts';
import type { CopyTask } from './copy-plan.ts';

export interface LaneTask {
  /** Read together. */
  readonly tasks: readonly CopyTask[];
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
  readonly onDone: OnDone;
}

/**
 * Copies tables over one connection until none is left. The connection with the DDL holds a lock on each, so we get
 * ours at once, but behind a session that waits for an ACCESS EXCLUSIVE lock (and for us) we would wait for ever: as
 * pg_dump does (parallel.c, lockTableForWorker), we do not wait. The savepoint lets go of each lock after use:
 * thousands would fill the server's lock table.
 */
export async function readTables(session: PgSession, work: TableWork): Promise<void> {
  for (let next = work.tasks.next(); !next.done; next = work.tasks.next()) {
    const { tasks, lane } = next.value;
    if (!(await readTogether(session, work, tasks, lane))) {
      for (const task of tasks) {
        if (tasks.length === 1 || !(await readTogether(session, work, [task], lane))) work.blocked.push(task);
      }
    }
    // Also of one that was blocked: the others would wait for it in vain.
    lane.end();
  }
}

/** All of them, or none and `false` when one cannot be locked. */
async function readTogether(
  session: PgSession,
  work: TableWork,
  tasks: readonly CopyTask[],
  lane: Lane,
): Promise<boolean> {
  const locks = tasks.map(({ source }) => `ONLY ${source}`).join(', ');
  const copies = tasks.map(({ sql }) => sql).join('; ');
  const statements = `LOCK TABLE ${locks} IN ACCESS SHARE MODE NOWAIT; ${copies}; ROLLBACK TO SAVEPOINT cofre`;
  try {
    await copyOut(session, statements, tasks, outputOf(work, lane));
    return true;
  } catch (error) {
    if (!isServerError(error) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    await session.client.query('ROLLBACK TO SAVEPOINT cofre');
    return false;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Copies what was blocked, over the connection that has the locks already. */
export async function readBlocked(session: PgSession, work: TableWork): Promise<void> {
  for (const task of work.blocked) {
    await copyOut(session, task.sql, [task], outputOf(work, directLane(work.queue)));
  }
}

function outputOf({ queue, buffers, onDone }: TableWork, lane: Lane): CopyOutput {
  return { lane, buffers, onDone, unwanted: () => queue.failed };
}
