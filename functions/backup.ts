import type { Cofre } from '../lib/cofre.ts';
import { type BackupReport, type BackupTask, runBackup } from '../lib/tasks/backup.ts';
import { type Remaining, withinTime } from './deadline.ts';
import type { BackupEvent } from './events.ts';
import { withQueued } from './queued.ts';

/** What differs between one machine and AWS. */
export interface BackupHandling {
  /** Whether the worker itself mails; in AWS it is in a network without SES, and `notify` does. */
  readonly mails: boolean;
}

/** Makes one backup. What the event leaves open, the configuration of the database says. */
export function createBackupHandler(
  cofre: Cofre,
  stop: AbortSignal,
  { mails }: BackupHandling = { mails: true },
) {
  return (event: BackupEvent, context?: Remaining): Promise<BackupReport> => {
    const { database, trigger, actor } = event;
    const wanted = { kind: 'backup', database, trigger, actor } as const;
    return withQueued(cofre, event, wanted, async (queued) => {
      const task = { ...(await taskOf(cofre, event)), ...(!mails && { recipients: undefined }) };
      return await runBackup(cofre, task, withinTime(context, stop, cofre.logger), queued);
    });
  };
}

async function taskOf(cofre: Cofre, event: BackupEvent): Promise<BackupTask> {
  const settings = cofre.config.databases[event.database];
  return {
    database: await cofre.database(event.database),
    compression: event.compression ?? settings?.compression ?? 'zstd',
    trigger: event.trigger,
    actor: event.actor,
    days: event.days ?? (event.trigger === 'schedule' ? settings?.days : undefined),
    recipients: recipientsOf(cofre, event),
  };
}

/** Whom to mail: empty for those of the whole configuration, `undefined` for nobody. */
export function recipientsOf({ config }: Cofre, event: BackupEvent): readonly string[] | undefined {
  const settings = Object.hasOwn(config.databases, event.database)
    ? config.databases[event.database]
    : undefined;
  const email = event.email ?? (event.trigger === 'schedule' && settings?.email);
  return email ? (event.recipients ?? settings?.recipients ?? []) : undefined;
}
