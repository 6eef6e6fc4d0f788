import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BACKUP_ID, parseKey } from '../../archive/names.ts';
import type { Database } from '../../backup.ts';
import type { Cofre } from '../../cofre.ts';
import { CofreError } from '../../errors.ts';
import { openDumpFile } from '../../plain.ts';
import { type RestoreSource, sourceOf } from '../../restore.ts';
import { directoryStore } from '../../store/directory.ts';
import type { CliSession } from '../session.ts';
import { chooseDatabase } from './backup.ts';
import type { RestoreChoice } from './restore-options.ts';

export interface Chosen {
  readonly source: RestoreSource;
  /** The database that the backup is of, when that is known. */
  readonly database: string | undefined;
}

/** What to restore: a backup of the store, or a file. */
export async function chooseSource(
  session: CliSession,
  what: string | undefined,
  options: RestoreChoice,
): Promise<Chosen> {
  const { cofre, process } = session;
  if ((what === undefined) === !options.latest) {
    throw new CofreError('USAGE', 'Which backup? Give an id, a file, or --latest.', {
      hint: '`cofre list` shows the ids.',
    });
  }
  if (what === undefined) return await latestSource(cofre, options);
  const path = resolve(process.cwd, what);
  if (!BACKUP_ID.test(what) && (existsSync(path) || !parseKey(what))) return await fileSource(path);
  const backup = await cofre.catalog.find(what);
  return { source: sourceOf(cofre, backup), database: backup.database };
}

async function latestSource(cofre: Cofre, options: RestoreChoice): Promise<Chosen> {
  const name = options.database ?? (await chooseDatabase(cofre, {})).name;
  return { source: sourceOf(cofre, await cofre.catalog.latest(name)), database: name };
}

async function fileSource(path: string): Promise<Chosen> {
  const source = await openDumpFile(path, (folder) => directoryStore(folder));
  return { source, database: source.manifest?.database };
}

/** A backup goes back to where it came from unless another target is named; a foreign file to the only database. */
export async function chooseTarget(
  cofre: Cofre,
  database: string | undefined,
  options: RestoreChoice,
): Promise<Database> {
  if (options.to !== undefined) return await cofre.databaseAt(options.to);
  const name = options.database ?? database;
  if (name === undefined) return await chooseDatabase(cofre, {});
  if (Object.hasOwn(cofre.config.databases, name)) return await cofre.database(name);
  throw new CofreError('DATABASE_UNKNOWN', `Where to? ${name} is not in the configuration.`, {
    hint: 'Give --to with a URL, sqlite:./file.sqlite3 or postgres://user:password@host:5432/db, or --database with a name of the configuration.',
  });
}
