import { z } from 'zod';
import { connections } from '../engines/load-options.ts';
import { compression, database, days, email, recipients } from './fields.ts';

/** How a backup is to be made; what is left open, the configuration of its database says. */
export const backupOptions = z.strictObject({
  compression: compression.optional(),
  days: days.optional(),
  email: email.optional(),
  recipients: recipients.optional(),
});
export type BackupOptions = z.infer<typeof backupOptions>;

/** How the database is read, by whoever does it at once: the configuration says it for all others. */
export const readOptions = z.strictObject({
  jobs: connections.optional().describe('Connections that read at the same time (default: by CPUs).'),
});

export const startBackup = backupOptions.extend({ database });
