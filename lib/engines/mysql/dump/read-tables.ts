import { CofreError } from '../../../errors.ts';
import type { FrameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { FrameQueue } from '../../sql/dump/frame-queue.ts';
import { directLane, type Lane } from '../../sql/dump/lanes.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { StatementLimits } from '../rows/row-limits.ts';
import type { SelectTask } from '../rows/select-task.ts';
import { type Selected, type SelectOutput, selectOut } from './select-out.ts';
import type { TaskFeed } from './task-feed.ts';

export interface LaneTask {
  readonly task: SelectTask;
  readonly lane: Lane;
}

export interface TableWork {
  readonly feed: TaskFeed<LaneTask>;
  readonly queue: FrameQueue;
  readonly buffers: FrameBuffers;
  readonly limits: StatementLimits;
  /** A task has ended; rows of it. */
  readonly onDone: (task: SelectTask, rows: number) => void;
}

/** Set in `status` while a transaction is open (manual, "SERVER_STATUS_flags_enum"). */
const IN_TRANSACTION = 0x0001;

/**
 * Reads tables over one connection of the snapshot until none is left. The savepoint lets go of the lock on each
 * table's structure after use: whoever waits to alter it need not wait for the whole dump.
 */
export async function readTables(session: MysqlSession, work: TableWork): Promise<void> {
  for (let next = await work.feed.next(); next; next = await work.feed.next()) {
    const { task, lane } = next;
    const selected = await read(session, task, outputOf(work, lane));
    if (!(selected.status & IN_TRANSACTION)) throw lostSnapshot();
    await session.run('ROLLBACK TO SAVEPOINT cofre');
    work.onDone(task, selected.rows);
    lane.end();
  }
}

/** Reads tables that the session holds by its own locks. */
export async function readHeld(
  session: MysqlSession,
  tasks: readonly SelectTask[],
  work: TableWork,
): Promise<void> {
  for (const task of tasks) {
    const selected = await read(session, task, outputOf(work, directLane(work.queue)));
    work.onDone(task, selected.rows);
  }
  await session.run('UNLOCK TABLES');
}

async function read(session: MysqlSession, task: SelectTask, output: SelectOutput): Promise<Selected> {
  const selected = await selectOut(session, task, output);
  if (selected.warnings > 0) throw await warned(session, task);
  return selected;
}

function outputOf({ queue, buffers, limits }: TableWork, lane: Lane): SelectOutput {
  return { lane, buffers, limits, unwanted: () => queue.failed };
}

/** Whatever it is, the rows may not be what they were. */
async function warned(session: MysqlSession, { table }: SelectTask): Promise<CofreError> {
  const [first] = await session.query<{ Message: string; Code: number }>('SHOW WARNINGS');
  return new CofreError(
    'SOURCE_FAILED',
    `The server warned while it sent rows of ${table}: ${first?.Message ?? 'it does not say of what'} (${first?.Code}).`,
    { hint: 'Check the table with CHECK TABLE.' },
  );
}

function lostSnapshot(): Error {
  return new Error('A connection of the dump is not in its transaction any more.');
}
