import type { Cofre } from '../lib/cofre.ts';
import { type RestoreSource, requireRestorable, sourceOf } from '../lib/restore.ts';
import { requireTables } from '../lib/restore-tables.ts';
import {
  type RestoreReport,
  type RestoreTablesReport,
  runRestore,
  runRestoreTables,
} from '../lib/tasks/restore.ts';
import { type Remaining, withinTime } from './deadline.ts';
import type { RestoreEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Restores one backup, or tables of it, into a configured database. That its name was typed back, the API has checked. */
export function createRestoreHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: RestoreEvent, context?: Remaining): Promise<RestoreReport | RestoreTablesReport> =>
    withQueued(cofre, event, jobOf(event), async (queued) => {
      const options = withinTime(context, stop, cofre.logger);
      const target = await cofre.database(event.database);
      const { whole, some } = tasksOf(event, await sourceFor(cofre, event), target);
      return some
        ? await runRestoreTables(cofre, some, options, queued)
        : await runRestore(cofre, whole, options, queued);
    });
}

function jobOf({ database, actor }: RestoreEvent) {
  return { kind: 'restore', database, trigger: 'manual', actor } as const;
}

/**
 * Needs none of the target's secrets. The API asks before it makes a job.
 * @throws {CofreError} `USAGE`, `RESTORE_REFUSED` for what cannot be done
 */
export async function requirePossible(cofre: Cofre, event: Omit<RestoreEvent, 'actor'>): Promise<void> {
  const target = await cofre.kindOf(event.database);
  const { whole, some } = tasksOf({ ...event, actor: '' }, await sourceFor(cofre, event), target);
  if (some) requireTables(some);
  else requireRestorable(whole.source, whole.target, whole.how);
}

async function sourceFor(cofre: Cofre, { backup }: Pick<RestoreEvent, 'backup'>): Promise<RestoreSource> {
  return sourceOf(cofre, await cofre.catalog.find(backup));
}

function tasksOf<T>(event: RestoreEvent, source: RestoreSource, target: T) {
  const { database: _, backup: __, job: ___, actor, ...how } = event;
  const whole = { source, target, actor, how };
  const { tables } = how;
  return { whole, some: tables && { ...whole, how: { ...how, tables } } };
}
