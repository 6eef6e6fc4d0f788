import type { FaultCode } from '../fault.ts';
import type { Explanation } from './messages.ts';

const SEE_LOGS = 'Try again; if it recurs, look at the logs.';
const CHECK_ADDRESS = 'Check its address in the configuration.';
const ANOTHER_BACKUP = 'Use another backup, and make a new one.';

export const faultsEn: Record<FaultCode, Explanation> = {
  USAGE: ['The request is not valid', 'Check what you typed and try again.'],
  CONFIG_INVALID: ['The configuration is not valid', 'Correct it, then start Cofre again.'],
  SECRET_UNAVAILABLE: [
    'The database password could not be read',
    'Check the secret named in the configuration.',
  ],
  CONFIRMATION_REQUIRED: ['Not confirmed', 'Type the name of the database exactly.'],
  DATABASE_UNKNOWN: ['No such database', 'Check the names in the configuration.'],
  BACKUP_NOT_FOUND: ['No such backup', 'It may have been deleted meanwhile.'],
  JOB_NOT_FOUND: ['No such activity', 'Old records are removed after a while.'],
  BUSY: ['This database is busy', 'Wait for the running job to end, then try again.'],
  DUPLICATE: ['This was under way already', 'Nothing was done twice.'],
  BACKUP_DAMAGED: ['The backup is damaged', ANOTHER_BACKUP],
  BACKUP_HELD: ['The newest whole backup is kept', 'Make a new backup first; then this one can go.'],
  SOURCE_NOT_FOUND: ['The database was not found', CHECK_ADDRESS],
  SOURCE_INVALID: ['The source is not a valid database', CHECK_ADDRESS],
  SOURCE_DAMAGED: ['The database is damaged', 'Restore the last good backup.'],
  SOURCE_BUSY: ['The database was busy for too long', 'Try again at a calmer time.'],
  SOURCE_FAILED: ['The database reported an error', 'See the message of the server.'],
  TARGET_BUSY: ['The database was busy for too long', 'Stop what writes to it, then try again.'],
  TARGET_INVALID: ['The database cannot be restored into', 'Check it and the configuration.'],
  RESTORE_REFUSED: ['Restore refused', 'Nothing was changed. See the message of the server.'],
  NO_SPACE: ['No space left', 'Free some space, then try again.'],
  STORE_UNAVAILABLE: ['The backup store did not answer', 'Try again in a while.'],
  STORE_DENIED: ['The backup store refused access', 'Check the permissions of the store.'],
  STORE_CONFLICT: ['Something else wrote at the same time', 'Try again.'],
  STORE_NOT_FOUND: ['A file of the backup is missing', ANOTHER_BACKUP],
  LEASE_LOST: ['The job lost its turn', 'Try again.'],
  WORKER_LOST: ['The job stopped without a word', SEE_LOGS],
  ABORTED: ['The job was stopped', 'Try again.'],
  MAIL_FAILED: ['The mail could not be sent', 'Check the addresses and the mail settings.'],
  INTERNAL: ['Something went wrong', SEE_LOGS],
  SIGN_IN_FAILED: ['The sign-in failed', 'Try again.'],
  NETWORK: ['The server cannot be reached', 'The page tries again by itself.'],
  UNEXPECTED: ['Unexpected answer of the server', SEE_LOGS],
  SIGNED_OUT: ['You are not signed in', 'Sign in, then reload the page.'],
  FORBIDDEN: ['You have no right to do this', 'Ask an administrator of Cofre.'],
};
