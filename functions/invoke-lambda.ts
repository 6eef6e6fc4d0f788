import {
  type InvocationType,
  InvokeCommand,
  type InvokeCommandOutput,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { CofreError } from '../lib/errors.ts';
import type { FunctionName } from '../lib/stack-names.ts';
import type { Discard, PruneReport } from '../lib/tasks/prune.ts';
import { type FunctionFailure, fromTold } from '../lib/told.ts';
import type { DiscardEvent, Invoke } from './events.ts';

/** What of the SDK's client is used. */
export type LambdaSender = Pick<LambdaClient, 'send'>;

export interface InvokeLambda extends Invoke {
  /** Waits for the answer, too. */
  readonly discard: Discard;
}

/** Calls the deployed functions. Those that make a job are only queued; the others answer. */
export function invokeLambda(client: LambdaSender, nameOf: (name: FunctionName) => string): InvokeLambda {
  const queue = async (name: FunctionName, event: object) =>
    void (await call(client, nameOf(name), 'Event', event));
  const ask = async (name: FunctionName, event: object) =>
    answerOf(await call(client, nameOf(name), 'RequestResponse', event));
  return {
    backup: (event) => queue('backup', event),
    restore: (event) => queue('restore', event),
    undo: (event) => queue('undo', event),
    verify: (event) => queue('verify', event),
    prune: async (request) => (await ask('prune', request)) as PruneReport,
    remove: async (event) => void (await ask('prune', event)),
    discard: async (database, before, dryRun) => {
      const event: DiscardEvent = { database, before: before.toISOString(), dryRun };
      return (await ask('discard', event)) as readonly string[];
    },
  };
}

/** @throws {CofreError} `INTERNAL` when the function cannot be invoked */
async function call(client: LambdaSender, name: string, type: InvocationType, event: object) {
  const Payload = Buffer.from(JSON.stringify(event));
  try {
    return await client.send(new InvokeCommand({ FunctionName: name, InvocationType: type, Payload }));
  } catch (cause) {
    const why = (cause as Error).name;
    throw new CofreError('INTERNAL', `The function ${name} could not be invoked: ${why}.`, { cause });
  }
}

/** @throws {CofreError} what the function threw */
function answerOf({ FunctionError, Payload }: InvokeCommandOutput): unknown {
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
  if (FunctionError === undefined) return answer;
  throw fromTold((answer ?? {}) as FunctionFailure);
}
