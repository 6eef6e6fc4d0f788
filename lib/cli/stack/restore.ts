import { CofreError } from '../../errors.ts';
import type { BackupDetail, BackupSummary } from '../../summary.ts';
import type { RestoreReport, RestoreTablesReport, UndoReport } from '../../tasks/restore.ts';
import { type RestoreChoice, readChoice } from '../commands/restore-options.ts';
import { describeRestore, describeTables, describeUndo } from '../commands/restore-texts.ts';
import { confirmName } from '../confirm.ts';
import { onlyDatabase, pagesOf } from './backups.ts';
import { type Accepted, follow } from './follow.ts';
import { requireNone, type StackSession } from './session.ts';

export async function restoreOnStack(
  session: StackSession,
  what: string | undefined,
  given: Omit<RestoreChoice, 'how'>,
): Promise<void> {
  requireNone('--stack', { '--to': given.to });
  const options = readChoice(what, given);
  if (options.undo) return await undoOnStack(session, options);
  const backup = await chosen(session, what, options);
  const database = options.database ?? backup.database;
  await confirm(session, database, options, questionOf(backup.id, database, options));
  const accepted = await session.api.post<Accepted>('restores', {
    // Only what was asked for: the API refuses options that do not go together, and knows the defaults.
    ...options.how,
    database,
    backup: backup.id,
    confirm: database,
  });
  if (options.how.tables) {
    const report = await follow<RestoreTablesReport>(session, accepted);
    session.output.result(report, () => describeTables(report));
  } else {
    const report = await follow<RestoreReport>(session, accepted);
    session.output.result(report, () => describeRestore(report));
  }
}

async function undoOnStack(session: StackSession, options: RestoreChoice): Promise<void> {
  const database = options.database ?? (await onlyDatabase(session));
  const what = `What the latest restore by swap replaced will be put back in place of ${database}.`;
  await confirm(session, database, options, what);
  const body = { ...options.how, database, confirm: database, undo: true };
  const accepted = await session.api.post<Accepted>('restores', body);
  const report = await follow<UndoReport>(session, accepted);
  session.output.result(report, () => describeUndo(report));
}

async function chosen(
  session: StackSession,
  what: string | undefined,
  options: RestoreChoice,
): Promise<Pick<BackupSummary, 'id' | 'database'>> {
  if ((what === undefined) === !options.latest) {
    throw new CofreError('USAGE', 'Which backup? Give an id, or --latest.', {
      hint: `\`cofre --stack ${session.name} list\` shows the ids.`,
    });
  }
  if (what !== undefined) return await session.api.get<BackupDetail>(`backups/${encodeURIComponent(what)}`);
  return await latestOf(session, options.database ?? (await onlyDatabase(session)));
}

/** The held one: the newest whole backup, safety copies last. */
async function latestOf(session: StackSession, database: string): Promise<BackupSummary> {
  for await (const { backups } of pagesOf(session, database)) {
    const held = backups.find((it) => it.held);
    if (held) return held;
  }
  throw new CofreError('BACKUP_NOT_FOUND', `There is no backup of ${database}.`, {
    hint: `Make one first: cofre --stack ${session.name} backup`,
  });
}

/** Tables made beside the live ones take nothing from anybody: no question. */
function questionOf(id: string, database: string, { how }: RestoreChoice): string | undefined {
  const { tables, replace } = how;
  if (tables && !replace) return undefined;
  const what = tables ? `All rows of ${tables.join(', ')} in ${database}` : `All data of ${database}`;
  return `${what} will be replaced by ${tables ? 'those of ' : ''}${id}.`;
}

async function confirm(
  { process }: StackSession,
  database: string,
  { yes }: RestoreChoice,
  what: string | undefined,
): Promise<void> {
  if (!yes && what !== undefined) await confirmName(database, what, process, process.signal);
}
