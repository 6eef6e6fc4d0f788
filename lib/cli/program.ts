import { Command } from 'commander';
import { TOOL_VERSION } from '../version.ts';
import { adder, STACK } from './add.ts';
import type { Serve } from './commands/serve.ts';
import type { Process } from './session.ts';
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
