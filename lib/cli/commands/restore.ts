import type { Database } from '../../backup.ts';
import { requireRestorable } from '../../restore.ts';
import { requireTables } from '../../restore-tables.ts';
import { redactUrl } from '../../secrets.ts';
import { runRestore, runRestoreTables, runUndo } from '../../tasks/restore.ts';
import { requireUndo } from '../../undo.ts';
import { confirmName } from '../confirm.ts';
import type { CliSession } from '../session.ts';
import { type Chosen, chooseSource, chooseTarget } from './restore-choice.ts';
import { loadOptions, type RestoreOptions, requireConsistent } from './restore-options.ts';
import { describeRestore, describeTables, describeUndo } from './restore-texts.ts';

export async function restoreCommand(
  session: CliSession,
  what: string | undefined,
  options: RestoreOptions,
): Promise<void> {
  requireConsistent(what, options);
  if (options.undo) return await undoRestore(session, options);
  const chosen = await chooseSource(session, what, options);
  const target = await chooseTarget(session.cofre, chosen.database, options);
  if (options.table) await restoreSome(session, chosen, target, options, options.table);
  else await restoreAll(session, chosen, target, options);
}

async function restoreAll(
  session: CliSession,
  { source }: Chosen,
  target: Database,
  options: RestoreOptions,
): Promise<void> {
  const { cofre, output, actor } = session;
  const load = loadOptions(options);
  requireRestorable(source, target, load);
  await confirm(
    session,
    target,
    options,
    `All data of ${place(target)} will be replaced by ${source.label}.${risk(options)}`,
  );
  // A swap keeps the whole database that it replaces.
  const safetyBackup = options.safetyBackup ?? load.mode !== 'swap';
  const task = { source, target, safetyBackup, actor, options: load };
  const report = await session.withProgress((run) => runRestore(cofre, task, run));
  output.result(report, () => describeRestore(report));
}

function risk({ mode }: RestoreOptions): string {
  if (mode !== 'in-place') return '';
  return ' It is emptied first: should the restore fail or be killed, it is left incomplete.';
}

async function restoreSome(
  session: CliSession,
  { source }: Chosen,
  target: Database,
  options: RestoreOptions,
  tables: readonly string[],
): Promise<void> {
  const { cofre, output, actor } = session;
  const { replace = false, safetyBackup = true, terminateConnections = false } = options;
  const task = { source, target, tables, replace, safetyBackup, terminateConnections, actor };
  const { names } = requireTables(task);
  const rows = `All rows of ${names.join(', ')} in ${place(target)} will be replaced by those of ${source.label}.`;
  // Tables made beside the live ones take nothing from anybody: no question.
  if (replace) await confirm(session, target, options, rows);
  const report = await session.withProgress((run) => runRestoreTables(cofre, task, run));
  output.result(report, () => describeTables(report));
}

async function undoRestore(session: CliSession, options: RestoreOptions): Promise<void> {
  const { cofre, output, actor } = session;
  const { terminateConnections = false } = options;
  const target = await chooseTarget(cofre, undefined, options);
  requireUndo(target);
  const what = `What the latest restore by swap replaced will be put back in place of ${place(target)}.`;
  await confirm(session, target, options, what);
  const report = await session.withProgress((run) =>
    runUndo(cofre, { target, actor, terminateConnections }, run),
  );
  output.result(report, () => describeUndo(report));
}

async function confirm(
  { process }: CliSession,
  { name }: Database,
  { yes }: RestoreOptions,
  what: string,
): Promise<void> {
  if (!yes) await confirmName(name, what, process, process.signal);
}

const place = ({ name, url }: Database) => `${name} (${redactUrl(url)})`;
