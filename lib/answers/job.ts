import { z } from 'zod';
import { restoreTestSchema } from '../archive/restore-test-record.ts';
import { jobSchema, progressSchema } from '../jobs/job.ts';

export const jobProgress = progressSchema.strict();
export type JobProgress = z.infer<typeof jobProgress>;

/** A job without what only workers need. */
export const publicJob = jobSchema
  .omit({ leaseUntil: true, worker: true })
  .extend({
    progress: jobProgress.nullable(),
    result: z
      .looseObject({
        result: restoreTestSchema.shape.result.optional().describe('Of a restore test: what it found.'),
      })
      .nullable()
      .describe('What the CLI prints with --json.'),
  })
  .strict();
export type PublicJob = z.infer<typeof publicJob>;

/** The answer to what starts a job: where it stands is told under `/jobs/{id}`. */
export const accepted = z.strictObject({ job: publicJob });

export const jobList = z.strictObject({ jobs: z.array(publicJob) });
