import type { FaultCode } from '../fault.ts';
import type { Explanation } from './messages.ts';

const SEE_LOGS = 'Try again; if it recurs, look at the logs.';
const CHECK_ADDRESS = 'Check its address in the configuration.';
const ANOTHER_BACKUP = 'Use another backup, and make a new one.';

export const faultsEn: Record<FaultCode, Explanation> = {
  USAGE: { title: 'The request is not valid', advice: 'Check what you typed and try again.' },
  CONFIG_INVALID: { title: 'The configuration is not valid', advice: 'Correct it, then start Cofre again.' },
  SECRET_UNAVAILABLE: {
    title: 'The database password could not be read',
    advice: 'Check the secret named in the configuration.',
  },
  CONFIRMATION_REQUIRED: { title: 'Not confirmed', advice: 'Type the name of the database exactly.' },
  DATABASE_UNKNOWN: { title: 'No such database', advice: 'Check the names in the configuration.' },
  BACKUP_NOT_FOUND: { title: 'No such backup', advice: 'It may have been deleted meanwhile.' },
  JOB_NOT_FOUND: { title: 'No such activity', advice: 'Old records are removed after a while.' },
  BUSY: { title: 'This database is busy', advice: 'Wait for the running job to end, then try again.' },
  DUPLICATE: { title: 'This was under way already', advice: 'Nothing was done twice.' },
  BACKUP_DAMAGED: { title: 'The backup is damaged', advice: ANOTHER_BACKUP },
  BACKUP_HELD: {
    title: 'The newest whole backup is kept',
    advice: 'Make a new backup first; then this one can go.',
  },
  SOURCE_NOT_FOUND: {
    title: 'The database was not found',
    advice: CHECK_ADDRESS,
  },
  SOURCE_INVALID: {
    title: 'The source is not a valid database',
    advice: CHECK_ADDRESS,
  },
  SOURCE_DAMAGED: { title: 'The database is damaged', advice: 'Restore the last good backup.' },
  SOURCE_BUSY: { title: 'The database was busy for too long', advice: 'Try again at a calmer time.' },
  SOURCE_FAILED: { title: 'The database reported an error', advice: 'See the message of the server.' },
  TARGET_BUSY: {
    title: 'The database was busy for too long',
    advice: 'Stop what writes to it, then try again.',
  },
  TARGET_INVALID: {
    title: 'The database cannot be restored into',
    advice: 'Check it and the configuration.',
  },
  RESTORE_REFUSED: {
    title: 'Restore refused',
    advice: 'Nothing was changed. See the message of the server.',
  },
  NO_SPACE: { title: 'No space left', advice: 'Free some space, then try again.' },
  STORE_UNAVAILABLE: { title: 'The backup store did not answer', advice: 'Try again in a while.' },
  STORE_DENIED: { title: 'The backup store refused access', advice: 'Check the permissions of the store.' },
  STORE_CONFLICT: { title: 'Something else wrote at the same time', advice: 'Try again.' },
  STORE_NOT_FOUND: {
    title: 'A file of the backup is missing',
    advice: ANOTHER_BACKUP,
  },
  LEASE_LOST: { title: 'The job lost its turn', advice: 'Try again.' },
  WORKER_LOST: {
    title: 'The job stopped without a word',
    advice: SEE_LOGS,
  },
  ABORTED: { title: 'The job was stopped', advice: 'Try again.' },
  MAIL_FAILED: { title: 'The mail could not be sent', advice: 'Check the addresses and the mail settings.' },
  INTERNAL: { title: 'Something went wrong', advice: SEE_LOGS },
  NETWORK: { title: 'The server cannot be reached', advice: 'The page tries again by itself.' },
  UNEXPECTED: {
    title: 'Unexpected answer of the server',
    advice: SEE_LOGS,
  },
  SIGNED_OUT: { title: 'You are not signed in', advice: 'Sign in, then reload the page.' },
  FORBIDDEN: { title: 'You have no right to do this', advice: 'Ask an administrator of Cofre.' },
};
