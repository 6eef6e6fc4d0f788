import type { Role } from '../../sql/connection/failures.ts';
import { type Client, socketOf } from './driver.ts';
import { endSession } from './end-session.ts';
import { connectionLost, execute, type Outcome } from './execute.ts';
import { explain } from './failures.ts';
import type { ServerFacts } from './server-facts.ts';
import type { ConnectionSettings } from './url.ts';

/** A connection; see `openSession`. One statement at a time; others wait for it. */
export interface MysqlSession extends AsyncDisposable {
  readonly settings: ConnectionSettings;
  /** As the server's processlist names it. */
  readonly threadId: number;
  readonly server: ServerFacts;
  /** Rejects, with a `CofreError`, when the connection is lost; never resolves. Handled: it may be left alone. */
  readonly lost: Promise<never>;
  /** Rows of a statement: integers beyond 2^53, decimals, times and JSON are texts, binary values `Buffer`s. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement, as text or as bytes, for what it does; rows that it returns are dropped. */
  run(statement: string | Uint8Array): Promise<Outcome>;
  /** Lends the driver's connection, once nothing runs on it, until `work` has ended. */
  borrow<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** Says that what still comes cannot be understood any more: from now on it can only be closed. */
  spoil(): void;
  /** `close` was called. */
  readonly closed: boolean;
  /** Closes the connection; what runs on it is ended first, and the server has let go when this resolves. */
  close(): Promise<void>;
}

/** Around a connection that is up; closes it when `signal` fires. */
export function sessionOn(
  client: Client,
  settings: ConnectionSettings,
  { role, signal }: { readonly role: Role; readonly signal: AbortSignal },
  server: ServerFacts,
): MysqlSession {
  const socket = socketOf(client);
  const turns = turnTaking();
  let closing: Promise<void> | undefined;
  let spoiled = false;
  const close = () => {
    closing ??= endSession(client, settings, turns.busy || spoiled);
    return closing;
  };
  const lost = new Promise<never>((_, reject) => {
    socket.once('close', () => {
      if (!closing) reject(explain(connectionLost(), role, settings));
    });
  });
  lost.catch(() => {});
  const stop = () => void close();
  signal.addEventListener('abort', stop, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', stop));
  const borrow = <T>(work: (client: Client) => Promise<T>) =>
    turns.next(async () => {
      // Whatever came now would mix with what closing still says.
      if (closing) throw connectionLost();
      return await unlessClosed(client, () => work(client));
    });
  return {
    settings,
    threadId: client.threadId,
    server,
    lost,
    query: (sql, values) => borrow(() => rowsOf(client, sql, values ?? [])),
    run: (statement) => borrow(() => execute(client, bytesOf(statement))),
    borrow,
    spoil: () => {
      spoiled = true;
    },
    get closed() {
      return closing !== undefined;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function bytesOf(statement: string | Uint8Array): Uint8Array {
  return typeof statement === 'string' ? Buffer.from(statement) : statement;
}

function rowsOf<Row>(client: Client, sql: string, values: readonly unknown[]): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    client.query(sql, [...values], (error, rows) => {
      if (error) reject(error);
      else resolve(Array.isArray(rows) ? (rows as Row[]) : []);
    });
  });
}

/** The driver forgets who waits for an answer when its connection is closed by us. */
async function unlessClosed<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const socket = socketOf(client);
  if (socket.destroyed) throw connectionLost();
  const { promise, reject } = Promise.withResolvers<never>();
  const onClose = () => reject(connectionLost());
  socket.once('close', onClose);
  try {
    return await Promise.race([promise, work()]);
  } finally {
    socket.off('close', onClose);
  }
}

/** Runs one work after the other, as they were asked for. */
function turnTaking() {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    get busy() {
      return waiting > 0;
    },
    next<T>(work: () => Promise<T>): Promise<T> {
      waiting += 1;
      const result = last.then(work).finally(() => {
        waiting -= 1;
      });
      last = result.catch(() => {});
      return result;
    },
  };
}
