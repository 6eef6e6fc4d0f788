import { z } from 'zod';
import { backupOptions } from '../lib/requests/backup.ts';
import { backupId, database, jobId } from '../lib/requests/fields.ts';
import { listBackups } from '../lib/requests/lists.ts';
import { keepLast, pruneDays } from '../lib/requests/prune.ts';
import { restoreOptions, undoOptions } from '../lib/requests/restore.ts';
import { parse } from './parse.ts';

/**
 * What the functions take from whoever may invoke them: rules, the API, the command line, a person at a console. What may
 * be chosen is what the API lets one choose, by the same descriptions (lib/requests/).
 */

/** The longest name of who asked, characters; longer ones are cut where they come in. */
export const MOST_ACTOR = 300;

const actor = z.string().min(1).max(MOST_ACTOR).default('lambda');

/** Of every event that starts a job: who asked, and the id of the queued job when the API has made one. */
const asked = { actor, job: jobId.optional() };

/** One time that a schedule fired: the id and the time of EventBridge's event. */
export const occurrence = z.strictObject({ id: z.string().min(1).max(200), time: z.iso.datetime() });

/** A schedule's rule sends the same, with an occurrence in place of a job. */
export const backupEvent = backupOptions.extend({
  database,
  ...asked,
  trigger: z.enum(['manual', 'schedule']).default('manual'),
  occurrence: occurrence.optional(),
});

export const restoreEvent = restoreOptions.extend({ database, backup: backupId, ...asked });

export const undoEvent = undoOptions.extend({ database, ...asked });

export const verifyEvent = z.strictObject({ backup: backupId, ...asked });

export const restoreTestEvent = z.strictObject({
  backup: backupId,
  ...asked,
  /** Name of a configured database, on whose server the scratch database is made; SQLite needs none. */
  into: database.optional(),
});

export const discardEvent = z.strictObject({ database, before: z.iso.datetime(), dryRun: z.boolean() });

/** What the rules of the daily round and of the metrics send. */
export const scheduled = z.strictObject({ trigger: z.literal('schedule') });

export const removeEvent = z.strictObject({
  /** The backup to delete. */
  remove: backupId,
  /** Also when it is the newest whole one of its database. */
  force: z.boolean().default(false),
});

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

/** @throws {CofreError} `USAGE`, which names the field and never a value */
export function parseEvent<S extends z.ZodType>(schema: S, event: unknown): z.infer<S> {
  return parse(schema, event, 'event', 'docs/deploy.md shows what each function takes.');
}
