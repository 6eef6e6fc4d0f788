import { frameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { FrameQueue } from '../../sql/dump/frame-queue.ts';
import { type Ahead, orderedLanes } from '../../sql/dump/lanes.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { statementLimits } from '../rows/row-limits.ts';
import type { SelectTask, TableShape } from '../rows/select-task.ts';
import { planReads } from './plan-reads.ts';
import { type LaneTask, readHeld, readTables, type TableWork } from './read-tables.ts';
import type { Source } from './source.ts';
import { type TaskFeed, taskFeed } from './task-feed.ts';

/** Bytes for each connection that may be read ahead of their turn: as much as a range has. */
const AHEAD = 8 * 1024 * 1024;

/** Pushes all rows, over all connections. Ends the queue when nothing is missing. */
export async function produce(
  source: Source,
  queue: FrameQueue,
  onDone: (task: SelectTask, rows: number) => void,
): Promise<void> {
  const { snapshot, database, shapes } = source;
  const { keeper, readers, holder, still } = snapshot;
  const feed = taskFeed<LaneTask>();
  const limits = statementLimits(database.maxAllowedPacket);
  const work: TableWork = { feed, queue, buffers: frameBuffers(), limits, onDone };
  const held = holder ? shapes.filter(({ table }) => still.includes(table.name)) : [];
  const others = shapes.filter((shape) => !held.includes(shape));
  const ahead: Ahead = { limit: AHEAD * readers.length, bytes: 0 };
  await Promise.all([
    plan(keeper, others, feed, queue, ahead),
    ...readers.map((reader) => readTables(reader, work)),
    holder && readHeldTables(holder, held, work),
  ]);
  queue.end();
}

async function plan(
  session: MysqlSession,
  shapes: readonly TableShape[],
  feed: TaskFeed<LaneTask>,
  queue: FrameQueue,
  ahead: Ahead,
): Promise<void> {
  try {
    for (const shape of shapes) {
      const laneOf = orderedLanes(queue, ahead);
      for await (const task of planReads(session, shape)) feed.push({ task, lane: laneOf() });
    }
    feed.end();
  } catch (error) {
    feed.fail(error);
    throw error;
  }
}

async function readHeldTables(holder: MysqlSession, shapes: readonly TableShape[], work: TableWork) {
  const tasks: SelectTask[] = [];
  for (const shape of shapes) for await (const task of planReads(holder, shape)) tasks.push(task);
  await readHeld(holder, tasks, work);
}
