import { Command } from 'commander';
import { TOOL_VERSION } from '../version.ts';
import { type CliSession, openCliSession, type Process } from './session.ts';
import { addMaking } from './verbs-making.ts';
import { addReading, addRemoving } from './verbs-reading.ts';

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
export type Add = (
  names: string,
  description: string,
  configure: (command: Command) => Command,
  run: Run,
) => void;

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
