import { BACKUP_ID } from '../lib/archive/names.ts';
import type { Cofre } from '../lib/cofre.ts';
import { CofreError } from '../lib/errors.ts';
import { type BackupSummary, summarizeAll } from '../lib/summary.ts';

export interface ListEvent {
  readonly database?: string;
  /** At most so many. */
  readonly limit: number;
  /** The id after which the page begins. */
  readonly cursor?: string;
}

/** A page of the whole backups, newest first, and on the first page what is damaged. */
export function createListHandler(cofre: Cofre) {
  return async ({ database, limit, cursor }: ListEvent) => {
    const { backups, damaged } = await cofre.catalog.scan(database);
    const summaries = summarizeAll(backups);
    const from = cursor === undefined ? 0 : startAfter(summaries, cursor);
    const page = summaries.slice(from, from + limit);
    const more = from + limit < summaries.length;
    return {
      backups: page,
      damaged: cursor === undefined ? damaged : [],
      nextCursor: more ? page.at(-1)!.id : null,
    };
  };
}

/** Where the page after `cursor` begins, also when the backup that it names was removed meanwhile. */
function startAfter(newestFirst: readonly BackupSummary[], cursor: string): number {
  if (!BACKUP_ID.test(cursor)) {
    throw new CofreError('USAGE', 'The cursor is not one that a page gave.', {
      hint: 'Begin again without a cursor.',
    });
  }
  const next = newestFirst.findIndex((it) => order(it.id) < order(cursor));
  return next === -1 ? newestFirst.length : next;
}

/** Ids sort by database first, lists by time: the last 15 characters. */
const order = (id: string) => id.slice(-15) + id;
