import type { Command } from 'commander';
import { CofreError } from '../errors.ts';
import { type CliSession, openCliSession, type Process } from './session.ts';
import { openStackSession, type StackSession } from './stack/session.ts';

/** Text of the option that asks a stack. */
export const STACK = 'ask a stack deployed in AWS, with your rights there';

function onStack(run: RunOnStack | undefined, command: string, stack: string): RunOnStack {
  if (run) return run;
  throw new CofreError('USAGE', `${command} works on this machine, not on the stack ${stack}.`, {
    hint: 'Leave out --stack, and unset COFRE_STACK.',
  });
}

type Run = (session: CliSession, ...rest: never[]) => Promise<void>;
type RunOnStack = (session: StackSession, ...rest: never[]) => Promise<void>;
export type Add = (
  names: readonly [name: string, ...aliases: string[]],
  description: string,
  configure: (command: Command) => Command,
  run: Run,
  /** With `--stack`; absent for what makes no sense there. */
  runOnStack?: RunOnStack,
) => void;

/** Adds a command that takes the common options and runs with a session. */
export function adder(program: Command, process: Process): Add {
  return ([name, ...aliases], description, configure, run, runOnStack) => {
    const command = configure(program.command(name).aliases(aliases).description(description))
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
        await onStack(runOnStack, name, stack)(await openStackSession(stack, options, process), ...rest);
      else await run(openCliSession(options, process), ...rest);
    });
  };
}
