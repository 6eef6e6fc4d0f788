import { z } from 'zod';
import { COMPRESSIONS } from '../archive/compression.ts';
import { BACKUP_ID, DATABASE_NAME } from '../archive/names.ts';
import { JOB_ID } from '../jobs/job.ts';

/** Fields that several requests and the configuration have in common, each described once. */

export const database = z.string().regex(DATABASE_NAME).describe('Name of a configured database.');

export const onlyOf = database.describe('Only of this database.');

export const backupId = z.string().regex(BACKUP_ID).describe('Id of a backup: database name and UTC time.');

export const jobId = z.string().regex(JOB_ID).describe('Id of a job.');

export const compression = z.enum(COMPRESSIONS).describe('Compression (default: zstd).');

export const days = z
  .int()
  .min(1)
  .max(36_500)
  .describe('After success, remove backups older than so many days (never the newest whole one).');

/** RFC 5321, 4.5.3.1: at most 64 characters before the `@`; 254 in all (erratum 1690 of RFC 3696). */
export const address = z
  .email()
  .max(254)
  .refine((text) => text.indexOf('@') <= 64, { error: 'Has more than 64 characters before the @' });

export const recipients = z.array(address).max(50).describe('Who gets the mail.');

export const email = z.boolean().describe('Mail the backup, or a link to it.');
