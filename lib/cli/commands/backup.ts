import { requireDatabaseName } from '../../archive/names.ts';
import type { Database } from '../../backup.ts';
import type { Cofre } from '../../cofre.ts';
import { CofreError } from '../../errors.ts';
import type { BackupOptions } from '../../requests/backup.ts';
import { runBackup } from '../../tasks/backup.ts';
import { requireMail } from '../../tasks/mail.ts';
import type { CliSession } from '../session.ts';
import { describeMade } from './backup-texts.ts';

/** A backup as the command line asks for it: what every backup can be told, and what only this place knows. */
export interface BackupChoice extends BackupOptions {
  readonly database?: string;
  readonly url?: string;
  readonly jobs?: number;
}

export async function backupCommand(session: CliSession, options: BackupChoice): Promise<void> {
  const { cofre, output, actor } = session;
  const database = await chooseDatabase(cofre, options);
  const settings = cofre.config.databases[database.name];
  const compression = options.compression ?? settings?.compression ?? 'zstd';
  const recipients = recipientsOf(cofre, options, database.name);
  const task = { database, compression, trigger: 'manual', actor, days: options.days, recipients } as const;
  const report = await session.withProgress((run) => runBackup(cofre, task, run));
  output.result(report, () => describeMade(report, cofre.store.url));
}

/** `--url`, `--database`, or the only one in the configuration. @throws {CofreError} `USAGE`, `DATABASE_UNKNOWN` */
export async function chooseDatabase(
  cofre: Cofre,
  options: { database?: string; url?: string; jobs?: number },
): Promise<Database> {
  const settings = options.jobs === undefined ? {} : { jobs: options.jobs };
  if (options.url !== undefined) {
    const name = options.database === undefined ? undefined : requireDatabaseName(options.database);
    return await cofre.databaseAt(options.url, name, settings);
  }
  if (options.database !== undefined) return await cofre.database(options.database, settings);
  const names = Object.keys(cofre.config.databases);
  const [first, ...others] = names;
  if (first !== undefined && others.length === 0) return await cofre.database(first, settings);
  const known =
    names.length === 0 ? 'The configuration has no database' : `The configuration has ${names.join(', ')}`;
  throw new CofreError('USAGE', `Which database? ${known}.`, {
    hint: 'Give --database NAME or --url with sqlite:./file.sqlite3 or postgres://user:password@host:5432/db.',
  });
}

/** Mail is checked before the backup begins: a run should not fail at its very end over a missing setting. */
function recipientsOf(cofre: Cofre, options: BackupChoice, database: string): readonly string[] | undefined {
  if (!options.email) {
    if (options.recipients)
      throw new CofreError('USAGE', '--recipients goes with --email.', { hint: 'Add --email.' });
    return undefined;
  }
  const mail = requireMail(cofre.config.mail);
  const own = cofre.config.databases[database]?.recipients ?? [];
  const chosen = options.recipients ?? (own.length > 0 ? own : mail.recipients);
  if (chosen.length > 0) return chosen;
  throw new CofreError('USAGE', 'Mail is asked for, but there are no recipients.', {
    hint: 'Give --recipients, or set mail.recipients in cofre.json.',
  });
}
