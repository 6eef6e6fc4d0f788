import { z } from 'zod';
import { manifestSchema } from '../archive/manifest.ts';
import { backupSummary } from './backup.ts';
import { publicJob } from './job.ts';

export const HEALTH_STATUSES = ['ok', 'late', 'failing', 'never'] as const;

export const health = z.strictObject({
  status: z
    .enum(HEALTH_STATUSES)
    .describe(
      '`ok`; `late`: no good backup within the schedule plus a margin; `failing`: the last attempt failed; `never`: no backup yet.',
    ),
  ageSeconds: z.int().nullable().describe('Age of the last good backup.'),
  lastBackup: backupSummary.nullable(),
  lastFailure: publicJob.nullable(),
});
export type PublicHealth = z.infer<typeof health>;

export const databaseStatus = z.strictObject({
  name: z.string(),
  engine: z
    .enum([...manifestSchema.shape.engine.shape.name.options, 'unknown'])
    .describe('`unknown` while its URL is a secret that nothing has read yet.'),
  source: z.string().describe('Where it is, without secrets.'),
  schedule: z.string().nullable().describe('EventBridge expression, `cron(…)` or `rate(…)`, in UTC.'),
  nextRun: z.iso.datetime().nullable().describe('When the schedule fires next.'),
  health,
  running: publicJob.nullable(),
});
export type PublicDatabase = z.infer<typeof databaseStatus>;

export const databaseList = z.strictObject({ databases: z.array(databaseStatus) });
