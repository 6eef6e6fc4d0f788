import { CofreError } from '../../errors.ts';
import type { BackupDetail, BackupSummary } from '../../summary.ts';
import type { RestoreReport, RestoreTablesReport, UndoReport } from '../../tasks/restore.ts';
import { type RestoreOptions, requireConsistent } from '../commands/restore-options.ts';
import { describeRestore, describeTables, describeUndo } from '../commands/restore-texts.ts';
import { confirmName } from '../confirm.ts';
import { onlyDatabase, pagesOf } from './backups.ts';
import { type Accepted, follow } from './follow.ts';
import { requireNone, type StackSession } from './session.ts';

export async function restoreOnStack(
  session: StackSession,
  what: string | undefined,
  options: RestoreOptions,
): Promise<void> {
  requireNone('--stack', { '--to': options.to });
  requireConsistent(what, options);
  if (options.undo) return await undoOnStack(session, options);
  const backup = await chosen(session, what, options);
  const database = options.database ?? backup.database;
  await confirm(session, database, options, questionOf(backup.id, database, options));
  const accepted = await session.api.post<Accepted>('restores', {
    ...bodyOf(options),
    database,
    backup: backup.id,
    confirm: database,
  });
  if (options.table) {
    const report = await follow<RestoreTablesReport>(session, accepted);
    session.output.result(report, () => describeTables(report));
  } else {
    const report = await follow<RestoreReport>(session, accepted);
    session.output.result(report, () => describeRestore(report));
  }
}

async function undoOnStack(session: StackSession, options: RestoreOptions): Promise<void> {
  const database = options.database ?? (await onlyDatabase(session));
  const what = `What the latest restore by swap replaced will be put back in place of ${database}.`;
  await confirm(session, database, options, what);
  const { terminateConnections } = options;
  const body = {
    database,
    confirm: database,
    undo: true,
    ...(terminateConnections && { terminateConnections }),
  };
  const accepted = await session.api.post<Accepted>('restores', body);
  const report = await follow<UndoReport>(session, accepted);
  session.output.result(report, () => describeUndo(report));
}

async function chosen(
  session: StackSession,
  what: string | undefined,
  options: RestoreOptions,
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
function questionOf(id: string, database: string, { table, replace }: RestoreOptions): string | undefined {
  if (table && !replace) return undefined;
  const what = table ? `All rows of ${table.join(', ')} in ${database}` : `All data of ${database}`;
  return `${what} will be replaced by ${table ? 'those of ' : ''}${id}.`;
}

async function confirm(
  { process }: StackSession,
  database: string,
  { yes }: RestoreOptions,
  what: string | undefined,
): Promise<void> {
  if (!yes && what !== undefined) await confirmName(database, what, process, process.signal);
}

/** Only what was asked for: the API refuses options that do not go together, and knows the defaults. */
function bodyOf(options: RestoreOptions): object {
  const { table, replace, mode, jobs, owner, privileges, terminateConnections, safetyBackup } = options;
  return {
    ...(table && { tables: table }),
    ...(replace && { replace }),
    ...(mode && { mode }),
    ...(jobs !== undefined && { jobs }),
    ...(!owner && { noOwner: true }),
    ...(!privileges && { noPrivileges: true }),
    ...(terminateConnections && { terminateConnections }),
    ...(safetyBackup !== undefined && { safetyBackup }),
  };
}
