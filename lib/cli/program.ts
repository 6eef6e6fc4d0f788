import { Command } from 'commander';
import { CofreError } from '../errors.ts';
import { TOOL_VERSION } from '../version.ts';
import type { Serve } from './commands/serve.ts';
import { type CliSession, openCliSession, type Process } from './session.ts';
import { openStackSession, type StackSession } from './stack/session.ts';
import { addMaking } from './verbs-making.ts';
import { addReading, addRemoving } from './verbs-reading.ts';

/** What the command line cannot import: it is made of what imports `lib/`. */
export interface HandedIn {
  readonly serve: Serve;
}

/** The command line. Parsing throws commander's errors, told on stderr unless as `json`; commands throw `CofreError`. */
export function cofreProgram(process: Process, { serve }: HandedIn, json: boolean): Command {
  const program = new Command('cofre')
    .description('Database backups: a backup that is listed is whole, a restore that says done is done.')
    .version(TOOL_VERSION)
    .option('--stack <name>', STACK)
    .exitOverride()
    .showHelpAfterError('(cofre --help, or cofre COMMAND --help)')
    .configureOutput({
      writeOut: (text) => void process.stdout.write(text),
      writeErr: (text) => void (json || process.stderr.write(text)),
    });
  const add = adder(program, process);
  addMaking(add, serve);
  addReading(add);
  addRemoving(add);
  return program;
}

const STACK = 'ask a stack deployed in AWS, with your rights there';

function onStack(run: RunOnStack | undefined, command: string, stack: string): RunOnStack {
  if (run) return run;
  throw new CofreError('USAGE', `${command} works on this machine, not on the stack ${stack}.`, {
    hint: 'Leave out --stack, and unset COFRE_STACK.',
  });
}

type Run = (session: CliSession, ...rest: never[]) => Promise<void>;
type RunOnStack = (session: StackSession, ...rest: never[]) => Promise<void>;
export type Add = (
  names: string,
  description: string,
  configure: (command: Command) => Command,
  run: Run,
  /** With `--stack`; absent for what makes no sense there. */
  runOnStack?: RunOnStack,
) => void;

/** Adds a command that takes the common options and runs with a session. `names`: its name, then its aliases. */
function adder(program: Command, process: Process): Add {
  return (names, description, configure, run, runOnStack) => {
    const [name, ...aliases] = names.split(' ');
    const command = configure(program.command(name!).aliases(aliases).description(description))
      .option('--store <store>', 'where backups are: ./folder or s3://bucket/prefix')
      .option('--config <file>', 'configuration (default: cofre.json)')
      .option('--stack <name>', STACK)
      .option('--json', 'one JSON object on stdout, nothing else')
      .exitOverride();
    command.action(async (...args: unknown[]) => {
      const options = command.optsWithGlobals();
      const rest = [...args.slice(0, command.registeredArguments.length), options] as never[];
      const stack = options['stack'] ?? process.env['COFRE_STACK'];
      if (stack)
        await onStack(runOnStack, name!, stack)(await openStackSession(stack, options, process), ...rest);
      else await run(openCliSession(options, process), ...rest);
    });
  };
}
