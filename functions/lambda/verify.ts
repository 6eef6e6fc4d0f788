import { verifyEvent } from '../schemas.ts';
import { createVerifyHandler } from '../verify.ts';
import { jobHandler, never, openInLambda } from './runtime.ts';

const cofre = openInLambda();

export const handler = jobHandler(cofre, 'verify', verifyEvent, createVerifyHandler(cofre, never));
