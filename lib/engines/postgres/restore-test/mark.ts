import { createHash, randomBytes } from 'node:crypto';

/**
 * Scratch databases carry a mark, so that any host can tell them from a user's own database of such a name: their
 * connection limit is a number that follows from their name. CREATE DATABASE sets it, so there is no moment at which one
 * is there without its mark; nobody sets a limit of a thousand million by chance, and a database that was renamed, to be
 * kept, has lost the mark. The comment says the same in words. It alone counts where the server has begun to drop the
 * database, as it sets the limit to -2 then (`DATCONNLIMIT_INVALID_DB` in pg_database.h).
 */
export interface Marked {
  /** Absent where it has not been asked for; then it is the one that the comment names. */
  readonly name?: string;
  readonly connectionLimit: number;
  readonly comment: string | null;
}

/** SQL's regular expression for `scratchName`. */
export const NAMES = '^cofre_restore_test_[0-9a-f]{16}$';

export function scratchName(): string {
  return `cofre_restore_test_${randomBytes(8).toString('hex')}`;
}

/** From 1,000,000,000 on; a limit may have 31 bits. */
export function limitOf(name: string): number {
  return 1_000_000_000 + (digestOf(name).readUInt32BE(0) % 1_000_000_000);
}

export function commentOf(name: string): string {
  return `${name}: a restore test of Cofre made this database and drops it. Rename it to keep it.`;
}

const COMMENT = /^(cofre_restore_test_[0-9a-f]{16}): /;
const DROPPING = -2;

export function isMarked({ name, connectionLimit, comment }: Marked): boolean {
  const named = name ?? COMMENT.exec(comment ?? '')?.[1];
  if (named === undefined) return false;
  if (connectionLimit === DROPPING) return comment === commentOf(named);
  return connectionLimit === limitOf(named);
}

/** Of the lock that the maker of `name` holds: two halves of 64 bits, as `pg_locks` shows them (manual, 53.12). */
export interface LockKey {
  readonly high: number;
  readonly low: number;
}

export function lockOf(name: string): LockKey {
  const digest = digestOf(name);
  return { high: digest.readUInt32BE(4), low: digest.readUInt32BE(8) };
}

function digestOf(name: string): Buffer {
  return createHash('sha256').update(`cofre restore test ${name}`).digest();
}
