import { createRestoreHandler } from '../restore.ts';
import { restoreEvent } from '../schemas.ts';
import { jobHandler, never, openInLambda } from './runtime.ts';

const cofre = openInLambda();

export const handler = jobHandler(cofre, 'restore', restoreEvent, createRestoreHandler(cofre, never));
