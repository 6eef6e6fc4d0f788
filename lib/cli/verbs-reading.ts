import { Argument, type Command } from 'commander';
import { deletion } from '../requests/deletion.ts';
import { listBackups } from '../requests/lists.ts';
import { pruneOptions } from '../requests/prune.ts';
import type { Add } from './add.ts';
import {
  deleteCommand,
  downloadCommand,
  listCommand,
  showCommand,
  urlCommand,
  verifyCommand,
} from './commands/backups.ts';
import { doctorCommand } from './commands/doctor.ts';
import { jobsCommand } from './commands/jobs.ts';
import { pruneCommand } from './commands/prune.ts';
import { restoreTestCommand } from './commands/restore-test.ts';
import { addDescribed } from './described.ts';
import { positive } from './parsers.ts';
import { deleteOnStack, listOnStack, showOnStack, verifyOnStack } from './stack/backups.ts';
import { downloadOnStack, urlOnStack } from './stack/download.ts';
import { jobsOnStack, pruneOnStack } from './stack/others.ts';

export function addReading(add: Add): void {
  add(['list', 'list_backups'], 'list the backups, newest first', database, listCommand, listOnStack);
  add(['show'], 'show a backup with its tables', id, showCommand, showOnStack);
  add(
    ['verify'],
    'read a backup back: every frame, the structure, the rows',
    id,
    verifyCommand,
    verifyOnStack,
  );
  add(
    ['restore-test'],
    'restore a backup into a scratch database, compare everything in it, and drop it; exit code 5: something differs',
    restoreTestOptions,
    restoreTestCommand,
  );
  add(
    ['download'],
    'save a backup as a plain file',
    (command) =>
      id(command)
        .option('-o, --output <file>', 'path of the file; with the suffix .zst or .gz: as stored')
        .option('--stored', 'the compressed object as it is'),
    downloadCommand,
    downloadOnStack,
  );
  add(
    ['url'],
    'print a presigned URL of a backup',
    (command) =>
      id(command)
        .option('--expires <seconds>', 'how long it works (default: 900)', positive)
        .option('--stored', 'of the compressed object as it is'),
    urlCommand,
    urlOnStack,
  );
  add(
    ['jobs'],
    'list the jobs, newest first',
    (command) => database(command).option('--limit <n>', 'at most so many', positive, 20),
    jobsCommand,
    jobsOnStack,
  );
  add(
    ['doctor'],
    'clear what killed runs have left, finish or undo a restore that died, and look whether a database can be backed up',
    (command) =>
      command
        .option('--database <name>', 'a database of the configuration (default: all)')
        .option('--url <url>', 'a database given by URL'),
    doctorCommand,
  );
}

function restoreTestOptions(command: Command): Command {
  return command
    .addArgument(new Argument('[id]', 'id of a backup'))
    .option('--latest', 'the newest whole backup')
    .option('--database <name>', 'with --latest: of this database; with --here: on its server')
    .option('--into <url>', "any database on the server to use; may be '${env:NAME}'. SQLite needs none")
    .option('--here', 'on the own server of the database, without a question');
}

export function addRemoving(add: Add): void {
  add(
    ['prune'],
    'remove old backups by a policy; never the newest whole one',
    (command) => addDescribed(command, pruneOptions),
    pruneCommand,
    pruneOnStack,
  );
  add(
    ['delete'],
    'delete a backup',
    (command) => addDescribed(id(command), deletion),
    deleteCommand,
    deleteOnStack,
  );
}

const id = (command: Command) => command.addArgument(new Argument('<id>', 'id of a backup'));
const database = (command: Command) => addDescribed(command, listBackups.pick({ database: true }));
