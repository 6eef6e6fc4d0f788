import { createBackupHandler } from '../backup.ts';
import { backupEvent } from '../schemas.ts';
import { jobHandler, never, openInLambda } from './runtime.ts';

const cofre = openInLambda();

export const handler = jobHandler(
  cofre,
  'backup',
  backupEvent,
  createBackupHandler(cofre, never, { mails: false }),
);
