import { createPruneHandler, createScheduledPruneHandler } from '../prune.ts';
import { parseEvent, pruneEvent } from '../schemas.ts';
import { openInLambda } from './runtime.ts';

const cofre = openInLambda();
const prune = createPruneHandler(cofre);
const scheduled = createScheduledPruneHandler(cofre);

export const handler = async (given: unknown) => {
  const event = parseEvent(pruneEvent, given);
  return await ('trigger' in event ? scheduled(event) : prune(event));
};
