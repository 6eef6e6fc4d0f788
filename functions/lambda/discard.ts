import { told } from '../../lib/told.ts';
import { createDiscardHandler } from '../discard.ts';
import { discardEvent, parseEvent } from '../schemas.ts';
import { openInLambda } from './runtime.ts';

const discard = createDiscardHandler(openInLambda());

export const handler = told(async (event: unknown) => await discard(parseEvent(discardEvent, event)));
