import type { Cofre } from '../lib/cofre.ts';
import { type BackupReport, type BackupTask, runBackup } from '../lib/tasks/backup.ts';
import { deadline, type Remaining } from './deadline.ts';
import type { BackupEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** Makes one backup. What the event leaves open, the configuration of the database says. */
export function createBackupHandler(cofre: Cofre, stop: AbortSignal) {
  return (event: BackupEvent, context?: Remaining): Promise<BackupReport> =>
    withQueued(cofre, event.job, async (queued) =>
      runBackup(cofre, await taskOf(cofre, event), { signal: deadline(context, stop) }, queued),
    );
}

async function taskOf(cofre: Cofre, event: BackupEvent): Promise<BackupTask> {
  const settings = cofre.config.databases[event.database];
  const scheduled = event.trigger === 'schedule' ? settings : undefined;
  const email = event.email ?? scheduled?.email;
  return {
    database: await cofre.database(event.database),
    compression: event.compression ?? settings?.compression ?? 'zstd',
    trigger: event.trigger,
    actor: event.actor,
    days: event.days ?? scheduled?.days,
    recipients: email ? (event.recipients ?? settings?.recipients ?? []) : undefined,
  };
}
