import type { Statement } from '../script/items.ts';

/** One move of a RENAME TABLE, names in two parts. */
export interface Rename {
  readonly from: readonly [schema: string, name: string];
  readonly to: readonly [schema: string, name: string];
}

/** What has to be done after the tables have changed places; may be done again from the beginning. */
export interface Step {
  readonly statements: readonly Statement[];
  /** The same so that it does not depend on the session's database; absent where that cannot be. */
  readonly anywhere?: readonly Statement[];
  /** What kind of thing it is about: rights and locks depend on it. */
  readonly about: 'database' | 'column' | 'trigger' | 'routine' | 'view' | 'event' | 'leftover';
}

/** How what was loaded beside a database takes its place. */
export interface SwapPlan {
  readonly database: string;
  /** The database does not exist yet: it is made, with these defaults, first thing. */
  readonly create: string | undefined;
  /** In one statement. */
  readonly renames: readonly Rename[];
  /** Triggers of the old tables, as names. */
  readonly oldTriggers: readonly string[];
  /** Makes them again, on the old tables. */
  readonly undo: readonly Step[];
  readonly forward: readonly Step[];
}

/**
 * Whether all tables can stay locked, for as long as they are without their triggers. Where there are none, there is
 * no need; views cannot be renamed, nor databases altered, under locks.
 */
export function canLock({ database, renames, oldTriggers, forward }: SwapPlan): boolean {
  const hasTriggers = oldTriggers.length > 0 || forward.some(({ about }) => about === 'trigger');
  const movesViews = renames.some(({ from, to }) => from[0] === database && to[0] === database);
  return hasTriggers && !movesViews && !forward.some(altersDatabase);
}

function altersDatabase({ about, statements }: Step): boolean {
  return (
    about === 'database' || (about === 'trigger' && statements.some(({ head }) => head.startsWith('ALTER ')))
  );
}
