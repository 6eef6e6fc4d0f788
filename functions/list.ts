import { BACKUP_ID } from '../lib/archive/names.ts';
import type { Cofre } from '../lib/cofre.ts';
import { CofreError } from '../lib/errors.ts';
import { readRestoreTests } from '../lib/restore-test-records.ts';
import { type BackupSummary, listAll } from '../lib/summary.ts';
import type { ListEvent } from './events.ts';

/** A page of the whole backups, newest first, and on the first page what is damaged. */
export function createListHandler(cofre: Cofre) {
  return async ({ database, limit, cursor }: ListEvent) => {
    const { backups, damaged, tested } = await cofre.catalog.scan(database);
    const from = cursor === undefined ? 0 : startAfter(backups, cursor);
    const shown = backups.slice(from, from + limit);
    const more = from + limit < backups.length;
    const warn = (message: string) => cofre.logger.warn(message);
    const tests = await readRestoreTests(cofre.store, { backups: shown, tested }, warn);
    const page = listAll(backups, tests).slice(from, from + limit);
    const last = page.at(-1);
    return {
      backups: page,
      damaged: cursor === undefined ? damaged : [],
      nextCursor: more && last ? last.id : null,
    };
  };
}

/** Where the page after `cursor` begins, also when the backup that it names was removed meanwhile. */
function startAfter(newestFirst: readonly Pick<BackupSummary, 'id'>[], cursor: string): number {
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
