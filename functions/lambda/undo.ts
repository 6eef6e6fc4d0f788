import { undoEvent } from '../schemas.ts';
import { createUndoHandler } from '../undo.ts';
import { jobHandler, never, openInLambda } from './runtime.ts';

const cofre = openInLambda();

export const handler = jobHandler(cofre, 'restore', undoEvent, createUndoHandler(cofre, never));
