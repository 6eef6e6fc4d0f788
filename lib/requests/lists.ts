import { z } from 'zod';
import { JOB_STATUSES } from '../jobs/job.ts';
import { backupId, onlyOf } from './fields.ts';

const page = z.int().min(1).max(200);

export const listBackups = z.strictObject({
  database: onlyOf.optional(),
  limit: page.default(50).describe('Page size.'),
  cursor: backupId.optional().describe('`nextCursor` of the page before.'),
});

export const listJobs = z.strictObject({
  database: onlyOf.optional(),
  status: z.enum(JOB_STATUSES).optional().describe('Only in this state.'),
  limit: page.default(20).describe('At most so many.'),
});
