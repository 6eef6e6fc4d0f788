import { Argument, type Command, Option } from 'commander';
import { COMPRESSIONS } from '../archive/compression.ts';
import { backupCommand } from './commands/backup.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { gather, jobs, port, positive } from './parsers.ts';
import type { Add } from './program.ts';
import { backupOnStack } from './stack/backups.ts';
import { restoreOnStack } from './stack/restore.ts';

const URLS = "sqlite:./file.sqlite3 or postgres://user:password@host:5432/db; may be '${env:NAME}'";

export function addMaking(add: Add): void {
  add('backup backup_database', 'make a backup', backupOptions, backupCommand, backupOnStack);
  add(
    'restore restore_database',
    'replace all data of a database by a backup, or change nothing; or bring single tables back',
    (command) => howToRestore(whatToRestore(command)),
    restoreCommand,
    restoreOnStack,
  );
  add(
    'serve',
    'serve the API and the admin page, and run the schedules',
    (command) => command.option('--port <port>', 'port on 127.0.0.1', port),
    serveCommand,
  );
}

function backupOptions(command: Command): Command {
  return command
    .option('--database <name>', 'a database of the configuration; with --url, the name to use')
    .option('--url <url>', `a database given by URL: ${URLS}`)
    .option('--jobs <n>', 'connections that read at the same time (default: by CPUs)', jobs)
    .option('--days <n>', 'afterwards, remove backups older than so many days', positive)
    .option('--email', 'mail the backup, or a link to it')
    .option('--recipients <address...>', 'who gets the mail')
    .addOption(new Option('--compression <kind>', 'compression (default: zstd)').choices(COMPRESSIONS));
}

function whatToRestore(command: Command): Command {
  return command
    .addArgument(new Argument('[backup]', 'id of a backup, or path of a file'))
    .option('--latest', 'the newest whole backup')
    .option(
      '--table <name>',
      'only this table, beside the live one as NAME_restored_TIME (repeatable)',
      gather,
    )
    .option('--replace', 'with --table: replace the rows of the live tables')
    .option('--undo', 'put back what the latest restore with --mode swap replaced')
    .option('--database <name>', 'the database to restore into')
    .option('--to <url>', `restore into another database: ${URLS}`)
    .option('--yes', 'do not ask');
}

function howToRestore(command: Command): Command {
  const modes =
    'transaction: all or nothing, as the engine does it; swap (PostgreSQL): beside it, then in its place, keeping what was ' +
    'there; in-place (MySQL): emptied first, so that a failure leaves it incomplete';
  return command
    .addOption(
      new Option('--mode <mode>', `${modes} (default: transaction)`).choices([
        'transaction',
        'swap',
        'in-place',
      ]),
    )
    .option('--jobs <n>', 'connections that load at the same time (MySQL; PostgreSQL with --mode swap)', jobs)
    .option('--no-owner', 'leave everything to the role that restores')
    .option('--no-privileges', 'leave grants out')
    .option('--terminate-connections', 'end the sessions that are in the way')
    .option('--safety-backup', 'back the target up first (default, but with --mode swap, which keeps it)')
    .option('--no-safety-backup', 'do not back the target up first');
}
