import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Answer, CANCELLED, type Command, type Requests } from '../child/protocol.ts';

/** A failure that SQLite reported, with its result code (https://www.sqlite.org/rescode.html). */
export class SqliteFailure extends Error {
  /** Primary result code, or `null` when the failure was not SQLite's own. */
  readonly primaryCode: number | null;
  readonly systemCode: string | null;

  constructor(message: string, sqliteCode: number | null, systemCode: string | null) {
    super(message);
    this.primaryCode = sqliteCode === null ? null : sqliteCode & 0xff;
    this.systemCode = systemCode;
  }
}

/** The engine's child process: one request at a time. `end()` closes its connections, which releases all locks. */
export interface Session {
  ask<C extends Command>(
    command: C,
    request: Requests[C]['request'],
    onProgress?: (bytes: number, totalBytes: number) => void,
  ): Promise<Requests[C]['response']>;
  /** Resolves to `killed` when the connections could not be closed: SQLite's own files may then be left. */
  end(): Promise<'closed' | 'killed'>;
}

/** How long the child gets to close its connections, ms; a long check does not listen, and is killed. */
const CLOSE_MS = 1_000;

/** In a bundle the child is a file beside it; in the source tree a folder below. */
const CHILD = import.meta.url.endsWith('.ts') ? '../child/main.ts' : './sqlite-child.mjs';

/** Starts a child process. It ends by `end()`, when `signal` fires (but see `install`), or with this process. */
export function openSession(signal: AbortSignal): Session {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(new URL(CHILD, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Not 'close': it does not come after a disconnect of ours.
  const closed = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  const stderr = tail(child);
  const kill = () => child.kill('SIGKILL');
  let installing = false;
  // An install is not killed: whether it has just been committed would then be unknown. It says so itself.
  const stop = () => (installing ? child.send({ command: 'cancel', request: {} }) : kill());
  signal.addEventListener('abort', stop, { once: true });
  return {
    ask: (command, request, onProgress) => {
      installing = command === 'install';
      return exchange(child, signal, stderr, { command, request }, onProgress);
    },
    end: async () => {
      signal.removeEventListener('abort', stop);
      if (child.connected) child.disconnect();
      const timer = setTimeout(kill, CLOSE_MS);
      await closed;
      clearTimeout(timer);
      return child.exitCode === 0 ? 'closed' : 'killed';
    },
  };
}

/** After a killed session: opens and closes the database at `path` once, for SQLite to clear up what was left. */
export async function recover(path: string): Promise<void> {
  const session = openSession(new AbortController().signal);
  await session.ask('recover', { path }).catch(() => {}); // The next connection of any process will do it too.
  await session.end();
}

function exchange<T>(
  child: ChildProcess,
  signal: AbortSignal,
  stderr: () => string,
  message: { command: Command; request: object },
  onProgress: (bytes: number, totalBytes: number) => void = () => {},
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const gone = () =>
    reject(signal.aborted ? signal.reason : new Error(`The SQLite process ended unexpectedly. ${stderr()}`));
  const answered = (answer: Answer) => {
    if ('progress' in answer) return onProgress(answer.progress.bytes, answer.progress.totalBytes);
    if ('ok' in answer) return resolve(answer.ok as T);
    const { message, sqliteCode, code } = answer.failed;
    reject(code === CANCELLED ? signal.reason : new SqliteFailure(message, sqliteCode, code));
  };
  child.on('message', answered).once('exit', gone);
  if (child.exitCode !== null || child.signalCode !== null || signal.aborted) gone();
  else child.send(message, (error) => error && reject(error));
  return promise.finally(() => child.off('message', answered).off('exit', gone));
}

/** The last words of the child's stderr, for the case that it dies. */
function tail(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-2_000);
  });
  return () => text.replaceAll(/\(Use `node --trace.*|\(node:\d+\) ExperimentalWarning.*/g, '').trim();
}
