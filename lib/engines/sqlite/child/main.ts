// The child process of the SQLite engine: see protocol.ts. Started by session.ts with an IPC channel.
import type { DatabaseSync } from 'node:sqlite';
import { check } from './check.ts';
import { readContent } from './content.ts';
import { install } from './install.ts';
import { type Answer, CANCELLED, type Command, type Requests } from './protocol.ts';
import { facts, openForReading, openSnapshot, recover } from './snapshot.ts';

type Handlers = {
  [C in Command]: (
    request: Requests[C]['request'],
  ) => Requests[C]['response'] | Promise<Requests[C]['response']>;
};

/** A parent that has gone meanwhile needs no answer; without the callback, that would be an uncaught error. */
const send = (answer: Answer) => process.send?.(answer, undefined, undefined, () => {});
/** The open snapshot; its transaction ends with this process. */
let snapshot: DatabaseSync | undefined;
let cancelled = false;

const handlers: Handlers = {
  inspect: ({ path }) => withDatabase(path, facts),
  snapshot: ({ path, busyMs }) => {
    snapshot = openForReading(path, busyMs);
    return openSnapshot(snapshot, path, busyMs);
  },
  held: () => snapshot?.isTransaction ?? false,
  recover: ({ path }) => recover(path),
  check: ({ path, depth }) =>
    snapshot ? check(snapshot, depth) : withDatabase(path, (it) => check(it, depth)),
  content: ({ path }) => withDatabase(path, (it) => readContent(it, path)),
  install: async ({ from, to, busyMs }) => ({
    pages: await install(from, to, busyMs, {
      report: (bytes, totalBytes) => send({ progress: { bytes, totalBytes } }),
      continue: () => {
        if (cancelled) throw Object.assign(new Error('cancelled'), { code: CANCELLED });
      },
    }),
  }),
  cancel: () => {
    cancelled = true;
    return null;
  },
};

function withDatabase<T>(path: string, use: (database: DatabaseSync) => T): T {
  const database = openForReading(path, 5_000);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

function failure(error: unknown): Answer {
  const { message, errcode, code } = error as Error & { errcode?: number; code?: string };
  return { failed: { message, sqliteCode: errcode ?? null, code: code ?? null } };
}

process.on('message', async ({ command, request }: { command: Command; request: never }) => {
  try {
    const ok = await handlers[command](request);
    if (command !== 'cancel') send({ ok });
  } catch (error) {
    send(failure(error));
  }
});
// The parent has finished, or is gone. An install under way is rolled back by the next connection to the target.
process.on('disconnect', () => {
  snapshot?.close();
  process.exit(0);
});
