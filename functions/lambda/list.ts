import { createAgesHandler } from '../ages.ts';
import { createListHandler } from '../list.ts';
import { listEvent, parseEvent } from '../schemas.ts';
import { openInLambda, openMetrics } from './runtime.ts';

const cofre = openInLambda();
const list = createListHandler(cofre);
const tellAges = createAgesHandler(cofre, openMetrics());

export const handler = async (given: unknown) => {
  const event = parseEvent(listEvent, given);
  return await ('trigger' in event ? tellAges() : list(event));
};
