import type { Backup } from '../lib/catalog.ts';
import type { Cofre } from '../lib/cofre.ts';
import { CofreError, type ErrorCode, toCofreError } from '../lib/errors.ts';
import { errorOf, type Job } from '../lib/jobs/job.ts';
import { newestFirst } from '../lib/retention.ts';
import { sendBackup, sendFailure } from '../lib/tasks/mail.ts';
import { recipientsOf } from './backup.ts';
import type { BackupEvent } from './events.ts';
import type { Emit } from './metrics.ts';
import type { Outcome } from './outcome.ts';
import { occurrenceJobId } from './queued.ts';

/** What a Lambda destination gets (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html). */
export interface DestinationRecord {
  readonly requestContext: { readonly functionArn: string; readonly condition: string };
  /** The event that the function was invoked with. */
  readonly requestPayload: unknown;
  /** What it returned; or `errorMessage` when it threw, or was killed. */
  readonly responsePayload: unknown;
}

/** Tells how a backup or a restore ended: by metrics, which alarms look at, and by mail where that is configured. */
export function createNotifyHandler(cofre: Cofre, emit: Emit) {
  return async (record: DestinationRecord): Promise<void> => {
    // Checked by the function that ran; here only what it was about is read.
    const event = record.requestPayload as BackupEvent;
    const outcome = await outcomeOf(cofre, record, event);
    if (outcome.status === 'duplicate') return;
    if (outcome.kind !== 'backup') return tellRestore(emit, event, outcome.status);
    if (outcome.status === 'succeeded')
      await tellBackup(cofre, emit, event, outcome.result as { id: string });
    else await tellFailure(cofre, emit, event, outcome.error);
  };
}

function tellRestore(emit: Emit, { database }: BackupEvent, status: 'succeeded' | 'failed'): void {
  emit(database, status === 'succeeded' ? { RestoreSucceeded: 1 } : { RestoreFailed: 1 });
}

async function tellBackup(cofre: Cofre, emit: Emit, event: BackupEvent, { id }: { id: string }) {
  const made = await cofre.catalog.find(id);
  const { backups } = await cofre.catalog.scan(made.database);
  const { seconds, archive } = made.manifest;
  const shrank = hasShrunk(made, backups) ? 1 : 0;
  const figures = { BackupSize: archive.size, BackupDuration: seconds, BackupShrank: shrank, BackupAge: 0 };
  emit(made.database, { BackupSucceeded: 1, ...figures });
  const recipients = recipientsOf(cofre, event);
  if (recipients) await sendBackup(cofre, made, recipients);
}

/** Whether it holds less than half of what the backup before it holds, unpacked. */
function hasShrunk(made: Backup, backups: readonly Backup[]): boolean {
  const before = newestFirst(backups).find((it) => it.startedAt < made.startedAt);
  return before !== undefined && made.manifest.archive.rawSize < before.manifest.archive.rawSize / 2;
}

async function tellFailure(cofre: Cofre, emit: Emit, event: BackupEvent, error: NonNullable<Job['error']>) {
  emit(event.database, { BackupFailed: 1 });
  const recipients = recipientsOf(cofre, event);
  if (!recipients) return;
  const { code, message, hint } = error;
  const told = new CofreError(code as ErrorCode, message, hint === null ? {} : { hint });
  await sendFailure(cofre, event.database, recipients, told);
}

async function outcomeOf(cofre: Cofre, record: DestinationRecord, event: BackupEvent): Promise<Outcome> {
  const returned = record.responsePayload as Outcome | null;
  if (returned && 'status' in returned) return returned;
  const kind = /-backup(:|$)/.test(record.requestContext.functionArn) ? 'backup' : 'restore';
  return { status: 'failed', kind, error: await failureOf(cofre, record, event) };
}

/** The job's record says more than Lambda does: of a killed function Lambda knows only that it ended. */
async function failureOf(cofre: Cofre, { responsePayload }: DestinationRecord, event: BackupEvent) {
  const said = (responsePayload as { errorMessage?: string } | null)?.errorMessage;
  const { code, message, hint } = (await recorded(cofre, event)) ?? unknownFailure(said);
  return { code, message, hint: hint ?? null };
}

async function recorded({ journal }: Cofre, { job, occurrence, database }: BackupEvent) {
  const id = job ?? (occurrence && occurrenceJobId(occurrence, database));
  if (id === undefined) return undefined;
  try {
    return errorOf(await journal.get(id));
  } catch (error) {
    if (toCofreError(error).code === 'JOB_NOT_FOUND') return undefined;
    throw error;
  }
}

function unknownFailure(said = 'Lambda ended it without a reason'): CofreError {
  return new CofreError('INTERNAL', `The function failed: ${said}.`, { hint: 'Its log says more.' });
}
