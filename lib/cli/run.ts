import { CommanderError } from 'commander';
import { CofreError, exitCode, toCofreError } from '../errors.ts';
import { Ended } from './ended.ts';
import { openOutput } from './output.ts';
import { cofreProgram, type HandedIn } from './program.ts';
import type { Process } from './session.ts';

/** Runs one command line (without `node` and the script) and returns the exit code; see errors.ts. */
export async function runCli(args: readonly string[], process: Process, handedIn: HandedIn): Promise<number> {
  const json = args.includes('--json');
  try {
    await cofreProgram(process, handedIn, json).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof Ended) return error.code;
    if (error instanceof CommanderError) return usage(error, json, process);
    openOutput(json, process).failure(toCofreError(error));
    return exitCode(error);
  }
}

/** Commander has said what is wrong, on stderr, unless as JSON; `--help` and `--version` come here too. */
function usage(error: CommanderError, json: boolean, process: Process): number {
  if (error.exitCode === 0) return 0;
  const message = error.message.replace(/^error: /, '');
  const wrong = new CofreError('USAGE', message, { hint: 'cofre --help lists the commands.' });
  if (json) openOutput(true, process).failure(wrong);
  return exitCode(wrong);
}
