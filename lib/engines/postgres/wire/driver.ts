import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Client } from 'pg';
import { CofreError } from '../../../errors.ts';

/*
 * All that we use of the driver, `pg` 8.23.1, beyond what it documents. `driver.test.ts` tries each of them on a server,
 * so that another version which does otherwise is noticed there first.
 */

/**
 * The socket of a connection: `Client.connection.stream`, there from the constructor on; the driver puts another one in its
 * place when it turns to TLS, so it is asked for anew each time. We read and write it past the driver, which would copy
 * each row, and wait for its end, which the driver's `end()` does not.
 * @throws {CofreError} `INTERNAL`
 */
export function socketOf(client: Client): Socket {
  const { stream } = client.connection;
  if (stream instanceof Socket) return stream;
  throw changed('Client.connection.stream is no socket');
}

/** Whether rows come over TCP as they are: not through a Unix socket, nor in records of TLS. */
export function isPlainTcp(client: Client): boolean {
  const socket = socketOf(client);
  return socket.remoteFamily !== undefined && !(socket instanceof TLSSocket);
}

/** What the server gave to cancel by (manual, 55.7 "BackendKeyData"). */
export interface BackendKey {
  readonly processID: number;
  readonly secretKey: number;
}

/** Of a server that gave none, as some proxies: it cancels nothing. */
const NO_KEY: BackendKey = { processID: 0, secretKey: 0 };

/**
 * `Client.processID` and `Client.secretKey`, `null` until the server has sent them. The driver's own `cancel` looks at what
 * it thinks is running, and knows nothing of what we send past it.
 * @throws {CofreError} `INTERNAL`
 */
export function backendKeyOf(client: Client): BackendKey {
  if (!('processID' in client && 'secretKey' in client)) throw changed('Client has no processID');
  const { processID, secretKey } = client;
  if (typeof processID === 'number' && typeof secretKey === 'number') return { processID, secretKey };
  if (processID === null && secretKey === null) return NO_KEY;
  throw changed('Client.processID is no number');
}

/** What the driver tells of a query that is not its own. */
export interface Answers {
  /** The server, or the loss of the connection, has ended it. */
  failed(error: Error): void;
  /** A command is complete; its tag, as `COPY 5`. */
  complete(tag: string): void;
  /** The server waits for rows. */
  copying(): void;
  /** The server is ready for the next query. */
  ready(): void;
}

/** What the driver calls on the query that is running (`Submittable`, of which its types name only `submit`). */
interface Listener {
  submit(connection: { readonly stream: Duplex }): void;
  callback(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleCopyInResponse(): void;
  handleRowDescription(): void;
  handleDataRow(): void;
  handleEmptyQuery(): void;
}

/**
 * Queues a query of our own: the driver calls `write` when its turn has come, and then what the server answers is told to
 * `answers`. Rows are dropped.
 */
export function submit(client: Client, write: (stream: Duplex) => void, answers: Answers): void {
  const listener: Listener = {
    submit: ({ stream }) => write(stream),
    callback: () => {},
    handleError: answers.failed,
    handleReadyForQuery: answers.ready,
    handleCommandComplete: ({ text }) => answers.complete(text),
    handleCopyInResponse: answers.copying,
    handleRowDescription: () => {},
    handleDataRow: () => {},
    handleEmptyQuery: () => {},
  };
  client.query(listener);
}

/**
 * Gives `onData` all that the socket of an idle connection brings, until what this returns is called: the driver reads by
 * `data` listeners of its own, which are taken off meanwhile.
 */
export function divert(socket: Socket, onData: (chunk: Buffer) => void): () => void {
  const drivers = socket.listeners('data') as ((chunk: Buffer) => void)[];
  if (drivers.length === 0) throw changed('The driver does not listen to data');
  socket.removeAllListeners('data');
  socket.on('data', onData);
  return () => {
    socket.off('data', onData);
    for (const listener of drivers) socket.on('data', listener);
  };
}

/** The rows of each of the statements in `sql`, at least two: their results come as a list, of which the types say nothing. */
export async function queryEach<Row>(client: Client, sql: string): Promise<Row[][]> {
  const results: unknown = await client.query(sql);
  if (!Array.isArray(results)) throw changed('Several statements have one result');
  return results.map(({ rows }: { rows: Row[] }) => rows);
}

/** Failures of a connection that the driver itself tells: they have nothing but these texts. */
const FAILURES =
  /^(?:Connection terminated|timeout expired|The server does not support SSL|Client has encountered|SASL|Client was closed)/;

export function isDriverFailure({ message }: Error): boolean {
  return FAILURES.test(message);
}

/** The server was asked for TLS and has none. */
export function lacksTls(error: unknown): boolean {
  return error instanceof Error && /server does not support SSL/i.test(error.message);
}

function changed(what: string): CofreError {
  return new CofreError('INTERNAL', `The driver pg is another one than is known: ${what}.`, {
    hint: 'This is a fault of Cofre, or of how it was installed: please report it, with this message.',
  });
}
