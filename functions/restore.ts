import type { Cofre } from '../lib/cofre.ts';
import { requireRestorable, sourceOf } from '../lib/restore.ts';
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
      const { whole, some } = await restoreTasks(cofre, event);
      const options = withinTime(context, stop, cofre.logger);
      return some
        ? await runRestoreTables(cofre, some, options, queued)
        : await runRestore(cofre, whole, options, queued);
    });
}

function jobOf({ database, actor }: RestoreEvent) {
  return { kind: 'restore', database, trigger: 'manual', actor } as const;
}

/** @throws {CofreError} `USAGE`, `RESTORE_REFUSED` for what cannot be done; the API asks before it makes a job. */
export async function requirePossible(cofre: Cofre, event: RestoreEvent): Promise<void> {
  const { whole, some } = await restoreTasks(cofre, event);
  if (some) requireTables(some);
  else requireRestorable(whole.source, whole.target, whole.options);
}

async function restoreTasks(cofre: Cofre, event: RestoreEvent) {
  const { safetyBackup, actor, tables, replace = false, terminateConnections = false } = event;
  const source = sourceOf(cofre, await cofre.catalog.find(event.backup));
  const common = { source, target: await cofre.database(event.database), safetyBackup, actor };
  const some = tables && { ...common, tables, replace, terminateConnections };
  return { whole: { ...common, options: loadOptions(event) }, some };
}

function loadOptions(event: RestoreEvent) {
  const { mode, jobs, noOwner = false, noPrivileges = false, terminateConnections = false } = event;
  return {
    mode: mode === 'swap' ? ('swap' as const) : ('direct' as const),
    owner: !noOwner,
    privileges: !noPrivileges,
    terminateConnections,
    ...(jobs !== undefined && { jobs }),
  };
}
