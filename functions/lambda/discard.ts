import { createDiscardHandler } from '../discard.ts';
import { discardEvent, parseEvent } from '../schemas.ts';
import { openInLambda } from './runtime.ts';

const discard = createDiscardHandler(openInLambda());

export const handler = async (event: unknown) => await discard(parseEvent(discardEvent, event));
