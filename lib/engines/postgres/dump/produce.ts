import type { Client } from 'pg';
import type { RawFrame } from '../../engine.ts';
import { frameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { FrameQueue } from '../../sql/dump/frame-queue.ts';
import { type Ahead, orderedLanes } from '../../sql/dump/lanes.ts';
import { largeObjects } from '../schema/large-objects.ts';
import { sequenceValues } from '../schema/sequences.ts';
import type { OnDone } from './copies.ts';
import { type CopyTask, grouped } from './copy-plan.ts';
import { type LaneTask, readBlocked, readTables, type TableWork } from './read-tables.ts';
import type { Source } from './source.ts';

/** Bytes for each connection that may be read ahead of their turn: as much as a table or a range of it has. */
const AHEAD = 8 * 1024 * 1024;

/**
 * Pushes everything but the structure: rows over all connections, then what belongs to no table. Ends the queue when
 * nothing is missing.
 */
export async function produce(source: Source, queue: FrameQueue, onDone: OnDone): Promise<void> {
  const { snapshot, catalog, facts, tasks, locker, ddl } = source;
  const work: TableWork = {
    tasks: lanesOf(tasks.flat(), queue, { limit: AHEAD * snapshot.others.length, bytes: 0 }),
    blocked: [],
    queue,
    buffers: frameBuffers(),
    onDone,
  };
  const [values] = await Promise.all([
    sequenceValues(snapshot.keeper.client, catalog.sequences, facts.serverVersionNum),
    ...snapshot.others.map((session) => readTables(session, work)),
  ]);
  await ddl;
  await readBlocked(locker, work);
  if (values !== '') queue.push(looseFrame(values));
  if (catalog.largeObjects.preData !== '') await pushLargeObjects(snapshot.keeper.client, queue);
  queue.end();
}

function* lanesOf(tasks: readonly CopyTask[], queue: FrameQueue, ahead: Ahead): Generator<LaneTask> {
  const laneOf = orderedLanes(queue, ahead);
  for (const group of grouped(tasks)) yield { tasks: group, lane: laneOf() };
}

async function pushLargeObjects(client: Client, queue: FrameQueue): Promise<void> {
  for await (const text of largeObjects(client)) {
    queue.push(looseFrame(text));
    await queue.room();
  }
}

function looseFrame(text: string): RawFrame {
  return { section: 'data', rows: 0, bytes: Buffer.from(`${text}\n`) };
}
