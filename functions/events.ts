import { z } from 'zod';
import { JOB_ID } from '../lib/jobs/job.ts';
import { backupOptions } from '../lib/requests/backup.ts';
import { backupId, database } from '../lib/requests/fields.ts';
import { listBackups } from '../lib/requests/lists.ts';
import { keepLast, pruneDays } from '../lib/requests/prune.ts';
import { restoreOptions, undoOptions } from '../lib/requests/restore.ts';

/**
 * What the functions take from whoever may invoke them: rules, the API, the command line, a person at a console. What may
 * be chosen is what the API lets one choose, by the same descriptions (lib/requests/).
 */

/** The longest name of who asked, characters; longer ones are cut where they come in. */
export const MOST_ACTOR = 300;

const actor = z.string().min(1).max(MOST_ACTOR).default('lambda');

/** Of every event that starts a job: who asked, and the id of the queued job when the API has made one. */
const asked = { actor, job: z.string().regex(JOB_ID).optional() };

/** One time that a schedule fired: the id and the time of EventBridge's event. */
const occurrence = z.strictObject({ id: z.string().min(1).max(200), time: z.iso.datetime() });
export type Occurrence = z.infer<typeof occurrence>;

/** A schedule's rule sends the same, with an occurrence in place of a job. */
export const backupEvent = backupOptions.extend({
  database,
  ...asked,
  trigger: z.enum(['manual', 'schedule']).default('manual'),
  occurrence: occurrence.optional(),
});
export type BackupEvent = z.infer<typeof backupEvent>;

export const restoreEvent = restoreOptions.extend({ database, backup: backupId, ...asked });
export type RestoreEvent = z.infer<typeof restoreEvent>;

export const undoEvent = undoOptions.extend({ database, ...asked });
export type UndoEvent = z.infer<typeof undoEvent>;

export const verifyEvent = z.strictObject({ backup: backupId, ...asked });
export type VerifyEvent = z.infer<typeof verifyEvent>;

export const restoreTestEvent = z.strictObject({
  backup: backupId,
  ...asked,
  /** Name of a configured database, on whose server the scratch database is made; SQLite needs none. */
  into: database.optional(),
});
export type RestoreTestEvent = z.infer<typeof restoreTestEvent>;

export const discardEvent = z.strictObject({ database, before: z.iso.datetime(), dryRun: z.boolean() });
export type DiscardEvent = z.infer<typeof discardEvent>;

/** What the rules of the daily round and of the metrics send. */
const scheduled = z.strictObject({ trigger: z.literal('schedule') });

export const removeEvent = z.strictObject({
  /** The backup to delete. */
  remove: backupId,
  /** Also when it is the newest whole one of its database. */
  force: z.boolean().default(false),
});
export type RemoveEvent = z.infer<typeof removeEvent>;

const policy = z.union([z.strictObject({ days: pruneDays }), z.strictObject({ keepLast })]);

export const pruneEvent = z.union([
  scheduled,
  z.strictObject({ database: database.optional(), policy, dryRun: z.boolean().default(false) }),
  removeEvent,
]);

export const listEvent = z.union([
  scheduled,
  listBackups.extend({ limit: z.int().min(1).max(1_000).default(50) }),
]);
export type ListEvent = Exclude<z.infer<typeof listEvent>, z.infer<typeof scheduled>>;
