import { Argument, type Command } from 'commander';
import { backupOptions, readOptions } from '../requests/backup.ts';
import { restoreOptions } from '../requests/restore.ts';
import type { Add } from './add.ts';
import { backupCommand } from './commands/backup.ts';
import { restoreCommand } from './commands/restore.ts';
import { RESTORE_FLAGS } from './commands/restore-options.ts';
import { type Serve, serveCommand } from './commands/serve.ts';
import { addDescribed } from './described.ts';
import { port } from './parsers.ts';
import { backupOnStack } from './stack/backups.ts';
import { restoreOnStack } from './stack/restore.ts';

const URLS = "sqlite:./file.sqlite3 or postgres://user:password@host:5432/db; may be '${env:NAME}'";

export function addMaking(add: Add, serve: Serve): void {
  add(['backup', 'backup_database'], 'make a backup', backupCommandOptions, backupCommand, backupOnStack);
  add(
    ['restore', 'restore_database'],
    'replace all data of a database by a backup, or change nothing; or bring single tables back',
    restoreCommandOptions,
    restoreCommand,
    restoreOnStack,
  );
  add(
    ['serve'],
    'serve the API and the admin page, and run the schedules',
    (command) => command.option('--port <port>', 'port on 127.0.0.1', port),
    serveCommand(serve),
  );
}

function backupCommandOptions(command: Command): Command {
  const own = command
    .option('--database <name>', 'a database of the configuration; with --url, the name to use')
    .option('--url <url>', `a database given by URL: ${URLS}`);
  return addDescribed(addDescribed(own, readOptions), backupOptions, {
    recipients: ['--recipients <address...>'],
  });
}

function restoreCommandOptions(command: Command): Command {
  const own = command
    .addArgument(new Argument('[backup]', 'id of a backup, or path of a file'))
    .option('--latest', 'the newest whole backup')
    .option('--undo', 'put back what the latest restore with --mode swap replaced')
    .option('--database <name>', 'the database to restore into')
    .option('--to <url>', `restore into another database: ${URLS}`)
    .option('--yes', 'do not ask');
  return addDescribed(own, restoreOptions, RESTORE_FLAGS);
}
