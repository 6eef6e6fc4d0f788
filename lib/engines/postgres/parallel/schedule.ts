/** Something to be done that uses things alone, or together with others. */
export interface Task {
  readonly uses: readonly number[];
  readonly shares: boolean;
  /** The larger ones go first. */
  readonly size: number;
}

/** What may begin next: of tasks that use the same thing, the earlier one comes first. */
export interface Schedule<T extends Task> {
  /** `undefined` when all that is left waits for tasks that are not done. */
  next(): T | undefined;
  done(task: T): void;
  readonly left: number;
}

export function scheduleOf<T extends Task>(tasks: readonly T[]): Schedule<T> {
  const { waitsFor, followers } = dependencies(tasks);
  const ready = tasks.filter((task) => waitsFor.get(task) === 0).toSorted((a, b) => a.size - b.size);
  let left = tasks.length;
  return {
    get left() {
      return left;
    },
    next: () => ready.pop(),
    done: (task) => {
      left -= 1;
      for (const follower of followers.get(task) ?? []) {
        const count = waitsFor.get(follower)! - 1;
        waitsFor.set(follower, count);
        if (count === 0) insert(ready, follower);
      }
    },
  };
}

/** Users of a thing since the last one that had it alone, and that one. */
interface Users<T> {
  alone: T | undefined;
  together: T[];
}

function dependencies<T extends Task>(tasks: readonly T[]) {
  const users = new Map<number, Users<T>>();
  const waitsFor = new Map<T, number>();
  const followers = new Map<T, T[]>();
  for (const task of tasks) {
    const earlier = new Set(task.uses.flatMap((thing) => before(users, thing, task)));
    waitsFor.set(task, earlier.size);
    for (const it of earlier) followers.set(it, [...(followers.get(it) ?? []), task]);
  }
  return { waitsFor, followers };
}

/** Whom `task` must wait for because of `thing`; notes that it uses it. */
function before<T extends Task>(users: Map<number, Users<T>>, thing: number, task: T): T[] {
  const { alone, together } = users.get(thing) ?? { alone: undefined, together: [] };
  if (task.shares) {
    users.set(thing, { alone, together: [...together, task] });
    return alone ? [alone] : [];
  }
  users.set(thing, { alone: task, together: [] });
  return together.length > 0 ? together : alone ? [alone] : [];
}

/** Keeps the order by size. */
function insert<T extends Task>(ready: T[], task: T): void {
  let [low, high] = [0, ready.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ready[middle]!.size < task.size) low = middle + 1;
    else high = middle;
  }
  ready.splice(low, 0, task);
}
