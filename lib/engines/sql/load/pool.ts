/** A connection, as far as a pool has to know it. */
export interface Losable {
  /** Rejects when the connection is lost; never resolves. */
  readonly lost: Promise<never>;
}

/** Sessions that work at the same time, each on one thing. */
export interface Pool<Session> {
  readonly sessions: readonly Session[];
  /** A session has nothing to do. */
  readonly hasFree: boolean;
  /** Gives `task` to the next session that is free; resolves when it has begun. @throws what another task threw */
  start(task: (session: Session) => Promise<void>): Promise<void>;
  /** One of the running tasks has ended. @throws what a task threw */
  ended(): Promise<void>;
  /** All that was started is done. @throws what a task threw */
  idle(): Promise<void>;
  /** Resolves, however they end, when no task is running. */
  settled(): Promise<void>;
}

/** `onFailure` is called at once with the first failure of a task, or of a connection. */
export function poolOf<Session extends Losable>(
  sessions: readonly Session[],
  onFailure: (error: unknown) => void,
): Pool<Session> {
  const free = [...sessions];
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    if (failure) return;
    failure = { error };
    onFailure(error);
  };
  for (const { lost } of sessions) lost.catch(fail);
  const check = () => {
    if (failure) throw failure.error;
  };
  /** Takes a session that has nothing to do. @throws what a task threw */
  const takeFree = async () => {
    for (;;) {
      check();
      const session = free.pop();
      if (session) return session;
      await Promise.race(running);
    }
  };
  const settled = async () => {
    while (running.size > 0) await Promise.all(running);
  };

  return {
    sessions,
    get hasFree() {
      return free.length > 0;
    },
    start: async (task) => {
      const session = await takeFree();
      const run = task(session)
        .catch(fail)
        .finally(() => {
          running.delete(run);
          free.push(session);
        });
      running.add(run);
    },
    ended: async () => {
      await Promise.race(running);
      check();
    },
    idle: async () => {
      await settled();
      check();
    },
    settled,
  };
}
