import { CofreError } from '../../errors.ts';
import { type Output, openOutput } from '../output.ts';
import { type ProgressLine, progressLine } from '../progress.ts';
import type { CommonOptions, Process } from '../session.ts';
import { type Stack, type StackApi, stackApi } from './api.ts';

/** One command's run against a deployed stack. */
export interface StackSession {
  readonly name: string;
  readonly stack: Stack;
  readonly api: StackApi;
  readonly output: Output;
  readonly process: Process;
  readonly bar: ProgressLine;
}

export async function openStackSession(
  name: string,
  options: CommonOptions,
  process: Process,
): Promise<StackSession> {
  requireNone('--stack', { '--store': options.store, '--config': options.config });
  const output = openOutput(options.json ?? false, process);
  const stack = await openStack(name, process);
  const api = stackApi(stack, process.signal);
  return { name, stack, api, output, process, bar: progressLine(process, output.json) };
}

/** The SDK's clients are loaded only when a stack is asked for. */
async function openStack(name: string, process: Process): Promise<Stack> {
  const open = process.openStack ?? (await import('./aws.ts')).openAwsStack;
  return await open(name, process.signal);
}

/** @throws {CofreError} `USAGE` when one of the options was given that do not go with `option` */
export function requireNone(option: string, others: Readonly<Record<string, unknown>>): void {
  const [other] = Object.entries(others).find(([, value]) => value !== undefined && value !== false) ?? [];
  if (other === undefined) return;
  throw new CofreError('USAGE', `${other} does not go with ${option}.`, {
    hint: 'The stack has a configuration and a bucket of its own.',
  });
}
