import { Worker } from 'node:worker_threads';
import type { PgSession } from '../wire/connect.ts';
import type { ServerError } from '../wire/failures.ts';
import { takeSocket } from '../wire/messages.ts';
import type { WorkerData, WorkerInput, WorkerMessage } from './protocol.ts';
import { type Reply, replyReader } from './replies.ts';

/** pg_dump ended badly; `cause` is what the server said, if it was the server's doing. */
export class PgDumpFailure extends Error {}

/** Sees every query before it is sent, and its answer before pg_dump does. */
export interface Observer {
  query(bytes: Uint8Array): void;
  reply(reply: Reply): void;
}

/** In a bundle the worker is a file beside it; in the source tree a folder below. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker/main.ts' : './postgres-ddl.mjs';

/** A thread that has loaded what it takes to run pg_dump, once. */
export interface PgDumpThread extends AsyncDisposable {
  readonly worker: Worker;
  readonly flag: SharedArrayBuffer;
  /** Rejects when the thread has ended, whatever the reason; handled, so it may be left alone. */
  readonly ended: Promise<never>;
}

/** To be called early: the thread gets ready while others connect. */
export function startPgDump(): PgDumpThread {
  const flag = new SharedArrayBuffer(4);
  const workerData: WorkerData = { flag };
  const worker = new Worker(new URL(WORKER, import.meta.url), {
    workerData,
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread of pg_dump ended unexpectedly.')));
  });
  ended.catch(() => {});
  return { worker, flag, ended, [Symbol.asyncDispose]: async () => void (await worker.terminate()) };
}

/**
 * Runs pg_dump in `thread`, on the idle connection of `session`; gives the file that it wrote. Afterwards
 * the connection is the driver's again, in the transaction that pg_dump began; after a failure it can only be closed.
 * @throws {PgDumpFailure}, the signal's reason, or the loss of the connection
 */
export async function runPgDump(
  { worker, flag, ended }: PgDumpThread,
  session: PgSession,
  input: WorkerInput,
  observer: Observer,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  let serverSaid: ServerError | undefined;
  const reader = replyReader((reply) => {
    serverSaid = reply.errors.at(-1);
    observer.reply(reply);
    answer(worker, flag, reply.bytes);
  });
  const socket = takeSocket(session.client, reader.push);
  const onMessage = (message: WorkerMessage) => {
    if ('written' in message) return resolve(message.written);
    if ('failed' in message) return reject(new PgDumpFailure(message.failed, { cause: serverSaid }));
    observer.query(message.query);
    socket.write(message.query);
  };
  const onLost = (lost: unknown) => {
    const cause = reader.errors().at(-1);
    reject(cause ? new PgDumpFailure(cause.message, { cause }) : lost);
  };
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  session.lost.catch(onLost);
  worker.on('message', onMessage);
  ended.catch(reject);
  worker.postMessage(input);
  try {
    const written = await promise;
    socket.giveBack();
    return written;
  } finally {
    signal.removeEventListener('abort', onAbort);
    worker.off('message', onMessage);
    await worker.terminate();
  }
}

function answer(worker: Worker, flag: SharedArrayBuffer, bytes: Uint8Array<ArrayBuffer>): void {
  worker.postMessage(bytes, [bytes.buffer]);
  const answered = new Int32Array(flag);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}
