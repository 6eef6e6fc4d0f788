import { z } from 'zod';
import { COMPRESSIONS } from '../lib/archive/compression.ts';
import { BACKUP_ID, DATABASE_NAME } from '../lib/archive/names.ts';
import { CofreError } from '../lib/errors.ts';
import { JOB_ID } from '../lib/jobs/job.ts';

/** What the functions take from whoever may invoke them: rules, the API, the command line, a person at a console. */

const database = z.string().regex(DATABASE_NAME);
const backup = z.string().regex(BACKUP_ID);
const job = z.string().regex(JOB_ID).optional();
const actor = z.string().min(1).max(300).default('lambda');
const days = z.int().min(1).max(36_500);
const yes = z.boolean().optional();

export const backupEvent = z.strictObject({
  database,
  trigger: z.enum(['manual', 'schedule']).default('manual'),
  actor,
  job,
  occurrence: z.strictObject({ id: z.string().min(1).max(200), time: z.iso.datetime() }).optional(),
  compression: z.enum(COMPRESSIONS).optional(),
  days: days.optional(),
  email: yes,
  recipients: z.array(z.email().max(254)).max(50).optional(),
});

export const restoreEvent = z.strictObject({
  database,
  backup,
  safetyBackup: z.boolean().default(true),
  actor,
  job,
  mode: z.enum(['transaction', 'swap']).optional(),
  jobs: z.int().min(1).max(64).optional(),
  noOwner: yes,
  noPrivileges: yes,
  terminateConnections: yes,
  tables: z.array(z.string().min(1).max(300)).min(1).max(1_000).optional(),
  replace: yes,
});

export const undoEvent = z.strictObject({ database, actor, job, terminateConnections: yes });
export const verifyEvent = z.strictObject({ backup, actor, job });
export const discardEvent = z.strictObject({ database, before: z.iso.datetime(), dryRun: z.boolean() });

const scheduled = z.strictObject({ trigger: z.literal('schedule') });

export const pruneEvent = z.union([
  scheduled,
  z.strictObject({
    database: database.optional(),
    policy: z.union([z.strictObject({ days }), z.strictObject({ keepLast: z.int().min(1) })]),
    dryRun: z.boolean().default(false),
  }),
  z.strictObject({ remove: backup, force: z.boolean().default(false) }),
]);

export const listEvent = z.union([
  scheduled,
  z.strictObject({
    database: database.optional(),
    limit: z.int().min(1).max(1_000).default(50),
    cursor: backup.optional(),
  }),
]);

type Given<T> = T extends object
  ? { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
      [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
    }
  : T;

/** @throws {CofreError} `USAGE`, which names the field and never a value */
export function parseEvent<S extends z.ZodType>(schema: S, event: unknown): Given<z.infer<S>> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data as Given<z.infer<S>>;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the event';
  throw new CofreError('USAGE', `The event is not valid: ${field}: ${issue?.message ?? 'not as expected'}.`, {
    hint: 'docs/deploy.md shows what each function takes.',
  });
}
