import type { Client } from 'pg';
import { free } from '../../../memory.ts';
import type { FrameBuffers } from '../../sql/dump/frame-buffers.ts';
import type { Lane } from '../../sql/dump/lanes.ts';
import type { PgSession } from '../wire/connect.ts';
import { isPlainTcp, socketOf } from '../wire/driver.ts';
import type { ServerError } from '../wire/failures.ts';
import { type RawSocket, takeSocket } from '../wire/messages.ts';
import { serverError } from '../wire/server-error.ts';
import { type Copies, copiesOf, type OnDone } from './copies.ts';
import type { CopyTask } from './copy-plan.ts';
import { copyStream } from './copy-stream.ts';

/** Types of the messages that matter besides CopyData (manual, 55.7). */
const COPY_OUT_RESPONSE = 0x48;
const COMMAND_COMPLETE = 0x43;
const ERROR_RESPONSE = 0x45;
const READY_FOR_QUERY = 0x5a;

export interface CopyOutput {
  readonly lane: Lane;
  readonly buffers: FrameBuffers;
  readonly onDone: OnDone;
  /** The dump has ended: rows that still come are not wanted. */
  readonly unwanted: () => boolean;
}

/**
 * Runs `statements`, among them the COPYs of `tasks` in their order, and pushes the rows as frames; waits while the lane
 * is full.
 * @throws {Error} what the server reported, a connection that ended, or another number of rows than the server's.
 */
export async function copyOut(
  { client }: PgSession,
  statements: string,
  tasks: readonly CopyTask[],
  output: CopyOutput,
): Promise<void> {
  const copies = copiesOf(tasks, output.buffers, output.lane, output.onDone);
  const outcome = new Outcome(copies);
  const stream = copyStream(copies.target, outcome.onMessage);
  try {
    await readAll(client, statements, stream.feed, outcome, output);
    if (outcome.error) throw outcome.error;
    copies.requireAll();
  } catch (error) {
    copies.abandon();
    throw error;
  }
}

/** What the server said besides the rows. */
class Outcome {
  readonly ready = Promise.withResolvers<void>();
  error: ServerError | undefined;
  done = false;
  private readonly copies: Copies;

  constructor(copies: Copies) {
    this.copies = copies;
  }

  readonly onMessage = (type: number, body: Buffer): void => {
    if (type === ERROR_RESPONSE) this.error ??= serverError(body);
    else if (type === COPY_OUT_RESPONSE) this.copies.begin();
    else if (type === COMMAND_COMPLETE) this.complete(copiedRows(body));
    else if (type === READY_FOR_QUERY) {
      this.done = true;
      this.ready.resolve();
    }
  };

  private complete(copied: number | undefined): void {
    if (copied !== undefined) this.copies.end(copied);
  }
}

async function readAll(
  client: Client,
  statements: string,
  feed: (chunk: Buffer) => boolean,
  outcome: Outcome,
  { lane, unwanted }: CopyOutput,
): Promise<void> {
  const onClose = () =>
    outcome.ready.reject(outcome.error ?? new Error('Connection terminated unexpectedly'));
  const stream = socketOf(client);
  if (stream.destroyed) throw new Error('Connection terminated unexpectedly');
  const brake = brakeOf(client, lane, () => outcome.done);
  const socket = takeSocket(client, (chunk) => {
    // Nobody wants the rest: it is only read so that the connection can be closed.
    if (unwanted()) return;
    try {
      const size = chunk.length;
      brake.after(socket, size, feed(chunk));
      if (!socket.reused) free(chunk);
    } catch (error) {
      outcome.ready.reject(error);
    }
  });
  stream.once('close', onClose);
  socket.write(simpleQuery(statements));
  try {
    await outcome.ready.promise;
  } finally {
    stream.off('close', onClose);
    socket.giveBack();
  }
}

/** Rest between two reads, ms. */
const REST = 1;

/**
 * Stops reading while the lane is full, or another connection has a large row under way. And rests a little when a
 * read found less than it could take: the server sends 8 KiB at a time, and to read each at once costs twice the
 * processor time of reading many together. Only over TCP, whose buffers grow to hold what a server sends meanwhile, and not
 * under TLS: its records, of 16 KiB at most, come one by one however long we rest.
 */
function brakeOf(client: Client, lane: Lane, isDone: () => boolean) {
  const plainTcp = isPlainTcp(client);
  let received = 0;

  function stop(socket: RawSocket, until: Promise<unknown>): void {
    socket.pause();
    void until.then(() => socket.resume());
  }

  return {
    after(socket: RawSocket, size: number, large: boolean): void {
      received += size;
      if (isDone()) return;
      if (large) stop(socket, lane.turnForLarge());
      else if (lane.full) stop(socket, lane.room());
      else if (plainTcp && size < socket.readSize && received > socket.readSize) stop(socket, sleep(REST));
    },
  };
}

const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

function simpleQuery(statements: string): Buffer {
  const text = Buffer.from(`${statements}\0`);
  const message = Buffer.alloc(5 + text.length);
  message.write('Q');
  message.writeInt32BE(4 + text.length, 1);
  message.set(text, 5);
  return message;
}

function copiedRows(body: Buffer): number | undefined {
  const found = /^COPY (\d+)\0$/.exec(body.toString('latin1'));
  return found ? Number(found[1]) : undefined;
}
