import type { Database } from '../../backup.ts';
import { requireRestorable } from '../../restore.ts';
import { requireTables } from '../../restore-tables.ts';
import { redactUrl } from '../../secrets.ts';
import { type RestoreReport, runRestore, runRestoreTables, runUndo } from '../../tasks/restore.ts';
import { requireUndo } from '../../undo.ts';
import { confirmName } from '../confirm.ts';
import type { CliSession } from '../session.ts';
import { type Chosen, chooseSource, chooseTarget } from './restore-choice.ts';
import { type RestoreChoice, readChoice } from './restore-options.ts';
import { describeRestore, describeTables, describeUndo } from './restore-texts.ts';

export async function restoreCommand(
  session: CliSession,
  what: string | undefined,
  given: Omit<RestoreChoice, 'how'>,
): Promise<void> {
  const choice = readChoice(what, given);
  if (choice.undo) return await undoRestore(session, choice);
  const chosen = await chooseSource(session, what, choice);
  const target = await chooseTarget(session.cofre, chosen.database, choice);
  const { tables } = choice.how;
  if (tables) await restoreSome(session, chosen, target, choice, tables);
  else await restoreAll(session, chosen, target, choice);
}

async function restoreAll(
  session: CliSession,
  { source }: Chosen,
  target: Database,
  choice: RestoreChoice,
): Promise<void> {
  const { cofre, output, actor } = session;
  const { how } = choice;
  const mode = requireRestorable(source, target, how);
  const what = `All data of ${place(target)} will be replaced by ${source.label}.${risk(mode)}`;
  await confirm(session, target, choice, what);
  const task = { source, target, actor, how };
  const report = await session.withProgress((run) => runRestore(cofre, task, run));
  output.result(report, () => describeRestore(report));
}

function risk(mode: RestoreReport['mode']): string {
  if (mode !== 'in-place') return '';
  return ' It is emptied first: should the restore fail or be killed, it is left incomplete.';
}

async function restoreSome(
  session: CliSession,
  { source }: Chosen,
  target: Database,
  choice: RestoreChoice,
  tables: readonly string[],
): Promise<void> {
  const { cofre, output, actor } = session;
  const how = { ...choice.how, tables };
  const task = { source, target, actor, how };
  const { names } = requireTables(task);
  const rows = `All rows of ${names.join(', ')} in ${place(target)} will be replaced by those of ${source.label}.`;
  // Tables made beside the live ones take nothing from anybody: no question.
  if (how.replace) await confirm(session, target, choice, rows);
  const report = await session.withProgress((run) => runRestoreTables(cofre, task, run));
  output.result(report, () => describeTables(report));
}

async function undoRestore(session: CliSession, choice: RestoreChoice): Promise<void> {
  const { cofre, output, actor } = session;
  const target = await chooseTarget(cofre, undefined, choice);
  requireUndo(target);
  const what = `What the latest restore by swap replaced will be put back in place of ${place(target)}.`;
  await confirm(session, target, choice, what);
  const report = await session.withProgress((run) => runUndo(cofre, { target, actor, how: choice.how }, run));
  output.result(report, () => describeUndo(report));
}

async function confirm(
  { process }: CliSession,
  { name }: Database,
  { yes }: RestoreChoice,
  what: string,
): Promise<void> {
  if (!yes) await confirmName(name, what, process, process.signal);
}

const place = ({ name, url }: Database) => `${name} (${redactUrl(url)})`;
