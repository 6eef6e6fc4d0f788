import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BACKUP_ID, parseKey } from '../../archive/names.ts';
import type { Database } from '../../backup.ts';
import { type Cofre, databaseFromUrl } from '../../cofre.ts';
import { CofreError } from '../../errors.ts';
import { openDumpFile } from '../../plain.ts';
import { type RestoreSource, sourceOf } from '../../restore.ts';
import { redactUrl } from '../../secrets.ts';
import { directoryStore } from '../../store/directory.ts';
import { type RestoreReport, runRestore } from '../../tasks/restore.ts';
import { confirmName } from '../confirm.ts';
import { formatCount, formatSeconds } from '../output.ts';
import type { CliSession } from '../session.ts';
import { chooseDatabase } from './backup.ts';

export interface RestoreOptions {
  readonly latest?: boolean;
  readonly database?: string;
  readonly to?: string;
  readonly yes?: boolean;
  /** Commander's form of `--no-safety-backup`. */
  readonly safetyBackup: boolean;
}

export async function restoreCommand(
  session: CliSession,
  what: string | undefined,
  options: RestoreOptions,
): Promise<void> {
  const { cofre, output, process, actor } = session;
  const { source, database } = await chooseSource(session, what, options);
  const target = await chooseTarget(cofre, database, options);
  const warning = `All data of ${target.name} (${redactUrl(target.url)}) will be replaced by ${source.label}.`;
  if (!options.yes) await confirmName(target.name, warning, process, process.signal);
  const task = { source, target, safetyBackup: options.safetyBackup, actor };
  const report = await session.withProgress((run) => runRestore(cofre, task, run));
  output.result(report, () => describe(report));
}

interface Chosen {
  readonly source: RestoreSource;
  /** The database that the backup is of, when that is known. */
  readonly database: string | undefined;
}

async function chooseSource(
  session: CliSession,
  what: string | undefined,
  options: RestoreOptions,
): Promise<Chosen> {
  const { cofre, process } = session;
  if ((what === undefined) === !options.latest) {
    throw new CofreError('USAGE', 'Which backup? Give an id, a file, or --latest.', {
      hint: '`cofre list` shows the ids.',
    });
  }
  if (what === undefined) return await latestSource(cofre, options);
  const path = resolve(process.cwd, what);
  if (!BACKUP_ID.test(what) && (existsSync(path) || !parseKey(what)))
    return await fileSource(path, process.signal);
  const backup = await cofre.catalog.find(what);
  return { source: sourceOf(cofre, backup), database: backup.database };
}

async function latestSource(cofre: Cofre, options: RestoreOptions): Promise<Chosen> {
  const name = options.database ?? (await chooseDatabase(cofre, {})).name;
  return { source: sourceOf(cofre, await cofre.catalog.latest(name)), database: name };
}

async function fileSource(path: string, signal: AbortSignal): Promise<Chosen> {
  const { manifest, input } = await openDumpFile(path, (folder) => directoryStore(folder), signal);
  return { source: { label: path, manifest, input: () => input }, database: manifest?.database };
}

/** A backup goes back to where it came from unless another target is named; a foreign file to the only database. */
async function chooseTarget(
  cofre: Cofre,
  database: string | undefined,
  options: RestoreOptions,
): Promise<Database> {
  if (options.to !== undefined) return databaseFromUrl(options.to);
  const name = options.database ?? database;
  if (name === undefined) return await chooseDatabase(cofre, {});
  if (Object.hasOwn(cofre.config.databases, name)) return await cofre.database(name);
  throw new CofreError('DATABASE_UNKNOWN', `Where to? ${name} is not in the configuration.`, {
    hint: 'Give --to sqlite:./file.sqlite3, or --database with a name of the configuration.',
  });
}

function describe(report: RestoreReport): string {
  const lines = [
    `Restored ${report.id} into ${report.target}: ${formatCount(report.rows)} rows in ${report.tables} tables, ${formatSeconds(report.seconds)}.`,
  ];
  if (report.safetyBackup) lines.push(`  What was there before is in ${report.safetyBackup}.`);
  return [...lines, ...report.warnings.map((warning) => `  warning ${warning}`)].join('\n');
}
