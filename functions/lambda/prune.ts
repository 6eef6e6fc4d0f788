import { LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../../lib/stack-names.ts';
import { told } from '../../lib/told.ts';
import { ENV } from '../environment.ts';
import { invokeLambda } from '../invoke-lambda.ts';
import { createPruneHandler, createScheduledPruneHandler } from '../prune.ts';
import { createRemoveHandler } from '../remove.ts';
import { parseEvent, pruneEvent } from '../schemas.ts';
import { required } from './environment.ts';
import { openInLambda } from './runtime.ts';

const cofre = openInLambda();
const stack = required(ENV.stack);
const { discard } = invokeLambda(new LambdaClient(), (name) => functionName(stack, name));
const prune = createPruneHandler(cofre, discard);
const scheduled = createScheduledPruneHandler(cofre, discard);
const remove = createRemoveHandler(cofre);

/** The only function that may delete backups: by a policy, by the schedule, or one by its id. */
export const handler = told(async (given: unknown) => {
  const event = parseEvent(pruneEvent, given);
  if ('trigger' in event) return await scheduled(event);
  if ('policy' in event) return await prune(event);
  await remove(event);
  return null;
});
