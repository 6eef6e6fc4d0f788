import type { Backup, BackupPage } from '../types.ts';

export const PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;

export const NO_BACKUPS: BackupPage = { backups: [], damaged: [], nextCursor: null };

/** The list with its next page behind it. */
export function append(list: BackupPage, page: BackupPage): BackupPage {
  const known = new Set(list.backups.map(({ id }) => id));
  return { ...page, backups: [...list.backups, ...page.backups.filter(({ id }) => !known.has(id))] };
}

/** How much to ask for so that a refresh covers what is on the screen, as far as one request reaches. */
export function refreshSize(list: BackupPage): number {
  return Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, list.backups.length));
}

/** `list` brought up to date by its first page read again: what lies beyond that page stays loaded. */
export function refreshed(list: BackupPage, first: BackupPage): BackupPage {
  const last = first.backups.at(-1);
  if (!last || first.nextCursor === null) return first;
  const known = new Set(first.backups.map(({ id }) => id));
  const beyond = list.backups.filter((backup) => isOlder(backup, last) && !known.has(backup.id));
  if (beyond.length === 0) return first;
  return { ...first, backups: [...first.backups, ...beyond], nextCursor: list.nextCursor };
}

function isOlder(backup: Backup, than: Backup): boolean {
  return backup.startedAt <= than.startedAt;
}
