import type { FrameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { Lane } from '../../sql/dump/lanes.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { type Client, socketOf } from '../connection/driver.ts';
import { connectionLost } from '../connection/execute.ts';
import { drainSocket, queryPackets } from '../connection/wire.ts';
import { insertFrames } from '../rows/insert-frames.ts';
import { rowLimits, type StatementLimits } from '../rows/row-limits.ts';
import { type RowStream, type RowsEnd, rowStream } from '../rows/row-stream.ts';
import type { SelectTask } from '../rows/select-task.ts';

export interface SelectOutput {
  readonly lane: Lane;
  readonly buffers: FrameBuffers;
  readonly limits: StatementLimits;
  /** The dump has ended: rows that still come are not wanted. */
  readonly unwanted: () => boolean;
}

/** What the server says of the rows that it sent. */
export interface Selected extends RowsEnd {
  readonly rows: number;
}

/**
 * Runs the task's SELECT and pushes its rows as frames; waits while its lane is full.
 * @throws {Error} what the server reported, or a connection that ended
 * @throws {CofreError} `SOURCE_INVALID` for a row that no statement can hold
 */
export async function selectOut(
  session: MysqlSession,
  task: SelectTask,
  output: SelectOutput,
): Promise<Selected> {
  const { shape } = task;
  const { lane, buffers, limits } = output;
  const settings = { table: task.table, header: shape.header, statement: limits.statement };
  const frames = insertFrames(settings, buffers, lane.push);
  const ended = Promise.withResolvers<RowsEnd>();
  const stream = rowStream(frames, {
    kinds: shape.kinds,
    onEnd: ended.resolve,
    onError: ended.reject,
    ...rowLimits(shape, limits),
  });
  try {
    const end = await session.borrow((client) => readAll(client, session, task.sql, stream, ended, output));
    frames.finish();
    return { ...end, rows: stream.rows };
  } catch (error) {
    frames.abandon();
    throw error;
  }
}

async function readAll(
  client: Client,
  session: MysqlSession,
  sql: string,
  stream: RowStream,
  ended: PromiseWithResolvers<RowsEnd>,
  { lane, unwanted }: SelectOutput,
): Promise<RowsEnd> {
  const underneath = socketOf(client);
  if (underneath.destroyed) throw connectionLost();
  const onClose = () => ended.reject(connectionLost());
  underneath.once('close', onClose);
  const brake = brakeOf(lane);
  let failed = false;
  const socket = drainSocket(client, (chunk) => {
    // Nobody wants the rest: it is only read so that the connection can be closed.
    if (unwanted() || failed) return;
    try {
      const large = stream.feed(chunk);
      const until = brake(large);
      if (!until) return;
      socket.pause();
      void until.then(() => socket.resume());
    } catch (error) {
      failed = true;
      ended.reject(error);
    }
  });
  for (const bytes of queryPackets(Buffer.from(sql))) socket.write(bytes);
  try {
    return await ended.promise;
  } finally {
    underneath.off('close', onClose);
    // Whoever gets the socket back in the middle of an answer would take rows for something else.
    if (stream.ended) socket.giveBack();
    else session.spoil();
  }
}

/** When to go on reading, where not at once: the lane is full, or another connection has a large row under way. */
function brakeOf(lane: Lane): (large: boolean) => Promise<void> | undefined {
  return (large) => {
    if (large) return lane.turnForLarge();
    return lane.full ? lane.room() : undefined;
  };
}
