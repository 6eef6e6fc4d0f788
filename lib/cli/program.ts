import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { COMPRESSIONS } from '../archive/compression.ts';
import { TOOL_VERSION } from '../version.ts';
import { backupCommand } from './commands/backup.ts';
import {
  deleteCommand,
  downloadCommand,
  listCommand,
  showCommand,
  urlCommand,
  verifyCommand,
} from './commands/backups.ts';
import { jobsCommand } from './commands/jobs.ts';
import { pruneCommand } from './commands/prune.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { type CliSession, openCliSession, type Process } from './session.ts';

/** The command line. Parsing throws commander's errors, told on stderr unless as `json`; commands throw `CofreError`. */
export function cofreProgram(process: Process, json: boolean): Command {
  const program = new Command('cofre')
    .description('Database backups: a backup that is listed is whole, a restore that says done is done.')
    .version(TOOL_VERSION)
    .exitOverride()
    .showHelpAfterError('(cofre --help, or cofre COMMAND --help)')
    .configureOutput({
      writeOut: (text) => void process.stdout.write(text),
      writeErr: (text) => void (json || process.stderr.write(text)),
    });
  const add = adder(program, process);
  addMaking(add);
  addReading(add);
  addRemoving(add);
  return program;
}

type Run = (session: CliSession, ...rest: never[]) => Promise<void>;
type Add = (names: string, description: string, configure: (command: Command) => Command, run: Run) => void;

/** Adds a command that takes the common options and runs with a session. `names`: its name, then its aliases. */
function adder(program: Command, process: Process): Add {
  return (names, description, configure, run) => {
    const [name, ...aliases] = names.split(' ');
    const command = configure(program.command(name!).aliases(aliases).description(description))
      .option('--store <store>', 'where backups are: ./folder or s3://bucket/prefix')
      .option('--config <file>', 'configuration (default: cofre.json)')
      .option('--json', 'one JSON object on stdout, nothing else')
      .exitOverride();
    command.action(async (...args: unknown[]) => {
      const options = command.opts();
      const positional = args.slice(0, command.registeredArguments.length);
      await run(openCliSession(options, process), ...([...positional, options] as never[]));
    });
  };
}

function addMaking(add: Add): void {
  add(
    'backup backup_database',
    'make a backup',
    (command) =>
      command
        .option('--database <name>', 'a database of the configuration; with --url, the name to use')
        .option('--url <url>', 'a database given by URL: sqlite:./file.sqlite3')
        .option('--days <n>', 'afterwards, remove backups older than so many days', positive)
        .option('--email', 'mail the backup, or a link to it')
        .option('--recipients <address...>', 'who gets the mail')
        .addOption(new Option('--compression <kind>', 'compression (default: zstd)').choices(COMPRESSIONS)),
    backupCommand,
  );
  add(
    'restore restore_database',
    'replace all data of a database by a backup, or change nothing',
    (command) =>
      command
        .addArgument(new Argument('[backup]', 'id of a backup, or path of a file'))
        .option('--latest', 'the newest whole backup')
        .option('--database <name>', 'the database to restore into')
        .option('--to <url>', 'restore into another database: sqlite:./file.sqlite3')
        .option('--yes', 'do not ask')
        .option('--no-safety-backup', 'do not back the target up first'),
    restoreCommand,
  );
  add(
    'serve',
    'serve the API and the admin page, and run the schedules',
    (command) => command.option('--port <port>', 'port on 127.0.0.1', port),
    serveCommand,
  );
}

function addReading(add: Add): void {
  add('list list_backups', 'list the backups, newest first', database, listCommand);
  add('show', 'show a backup with its tables', id, showCommand);
  add('verify', 'read a backup back: every frame, the structure, the rows', id, verifyCommand);
  add(
    'download',
    'save a backup as a plain file',
    (command) =>
      id(command)
        .option('-o, --output <file>', 'path of the file; with the suffix .zst or .gz: as stored')
        .option('--stored', 'the compressed object as it is'),
    downloadCommand,
  );
  add(
    'url',
    'print a presigned URL of a backup',
    (command) =>
      id(command)
        .option('--expires <seconds>', 'how long it works', positive, 900)
        .option('--stored', 'of the compressed object as it is'),
    urlCommand,
  );
  add(
    'jobs',
    'list the jobs, newest first',
    (command) => database(command).option('--limit <n>', 'at most so many', positive, 20),
    jobsCommand,
  );
}

function addRemoving(add: Add): void {
  add(
    'prune',
    'remove old backups by a policy; never the newest whole one',
    (command) =>
      database(command)
        .option('--days <n>', 'remove backups older than so many days', positive)
        .option('--keep-last <n>', 'keep so many of the newest', positive)
        .option('--dry-run', 'only say what would go, and why'),
    pruneCommand,
  );
  add(
    'delete',
    'delete a backup',
    (command) => id(command).option('--force', 'also the newest whole one of its database'),
    deleteCommand,
  );
}

const id = (command: Command) => command.addArgument(new Argument('<id>', 'id of a backup'));
const database = (command: Command) => command.option('--database <name>', 'only of this database');

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Give a whole number above 0.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.');
  return value;
}
