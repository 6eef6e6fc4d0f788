/** Tasks on their way from whoever plans them to whoever is free. */
export interface TaskFeed<Task> {
  push(task: Task): void;
  /** No more follow. */
  end(): void;
  fail(error: unknown): void;
  /** The next one, for whoever asked first; `undefined` after the end. @throws what `fail` was called with */
  next(): Promise<Task | undefined>;
}

export function taskFeed<Task>(): TaskFeed<Task> {
  const tasks: Task[] = [];
  const waiting: PromiseWithResolvers<Task | undefined>[] = [];
  let state: 'open' | 'ended' | { readonly error: unknown } = 'open';
  return {
    push: (task) => {
      const first = waiting.shift();
      if (first) first.resolve(task);
      else tasks.push(task);
    },
    end: () => {
      if (state === 'open') state = 'ended';
      for (const { resolve } of waiting.splice(0)) resolve(undefined);
    },
    fail: (error) => {
      state = { error };
      for (const { reject } of waiting.splice(0)) reject(error);
    },
    next: async () => {
      if (typeof state === 'object') throw state.error;
      if (tasks.length > 0) return tasks.shift();
      if (state === 'ended') return undefined;
      const mine = Promise.withResolvers<Task | undefined>();
      waiting.push(mine);
      return await mine.promise;
    },
  };
}
