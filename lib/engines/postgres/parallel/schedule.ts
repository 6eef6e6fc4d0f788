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
  const { waiting, followers } = dependencies(tasks);
  const ready = waiting
    .filter(({ waitsFor }) => waitsFor === 0)
    .map(({ task }) => task)
    .toSorted((a, b) => a.size - b.size);
  let left = tasks.length;
  return {
    get left() {
      return left;
    },
    next: () => ready.pop(),
    done: (task) => {
      left -= 1;
      for (const follower of followers.get(task) ?? []) {
        follower.waitsFor -= 1;
        if (follower.waitsFor === 0) insert(ready, follower.task);
      }
    },
  };
}

/** A task and how many have to be done before it. */
interface Waiting<T> {
  readonly task: T;
  waitsFor: number;
}

/** Users of a thing since the last one that had it alone, and that one. */
interface Users<T> {
  alone: T | undefined;
  together: T[];
}

function dependencies<T extends Task>(tasks: readonly T[]) {
  const users = new Map<number, Users<T>>();
  const followers = new Map<T, Waiting<T>[]>();
  const waiting = tasks.map((task) => {
    const earlier = new Set(task.uses.flatMap((thing) => before(users, thing, task)));
    const it = { task, waitsFor: earlier.size };
    for (const one of earlier) followers.set(one, [...(followers.get(one) ?? []), it]);
    return it;
  });
  return { waiting, followers };
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
  const at = ready.findIndex(({ size }) => size >= task.size);
  ready.splice(at < 0 ? ready.length : at, 0, task);
}
