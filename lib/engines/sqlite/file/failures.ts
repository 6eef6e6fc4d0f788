import { CofreError, type ErrorCode, toCofreError } from '../../../errors.ts';
import { SqliteFailure } from './session.ts';

/** Whose database a failure is about: it decides between `SOURCE_…`, `TARGET_…` and `BACKUP_…` codes. */
export type Role = 'source' | 'target' | 'backup';

/** Primary result codes that need words of their own (https://www.sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** Runs `work` on the database at `path` and translates what SQLite reports; all else, as an abort, is thrown as it is. */
export async function explaining<T>(role: Role, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(role, path, error);
  }
}

function explain(role: Role, path: string, error: unknown): unknown {
  if (!(error instanceof SqliteFailure)) return error;
  if (role === 'backup' && isDamage(error)) return unusableBackup([error.message], error);
  if (error.primaryCode === null && error.systemCode !== null) return unreachable(role, path, error);
  const make = (code: ErrorCode, message: string, hint: string) =>
    new CofreError(code, message, { hint, cause: error });
  switch (error.primaryCode) {
    case BUSY:
    case LOCKED:
      return busy(role, path, error);
    case NOTADB:
      return make(
        role === 'source' ? 'SOURCE_INVALID' : 'TARGET_INVALID',
        `${path} is not a SQLite database, or it is encrypted.`,
        'Check the path. Encrypted databases (SQLCipher, SEE) cannot be read without their key.',
      );
    case CORRUPT:
      return role === 'source'
        ? damaged(path, [error.message], error)
        : make('TARGET_INVALID', `${path} is damaged: ${error.message}.`, 'Move it away and restore again.');
    case FULL:
      return make('NO_SPACE', `No space left while working on ${path}.`, 'Free some space and try again.');
    case CANTOPEN:
    case READONLY:
      return make(
        role === 'source' ? 'SOURCE_FAILED' : 'TARGET_INVALID',
        `${path} cannot be opened: ${error.message}.`,
        'Check that the file and its folder may be read and written by this user.',
      );
    default:
      return make(
        'SOURCE_FAILED',
        `SQLite failed on ${path}: ${error.message}.`,
        'See the SQLite result code.',
      );
  }
}

function busy(role: Role, path: string, cause: unknown): CofreError {
  const code = role === 'source' ? 'SOURCE_BUSY' : 'TARGET_BUSY';
  return new CofreError(code, `${path} is locked by another process.`, {
    cause,
    hint: 'Wait for its transaction to end, or stop the application, then try again.',
  });
}

/** Whether `error` says that the target's file is no usable database, so that there is nothing in it to protect. */
export function isUnusable(error: unknown): boolean {
  const cause = error instanceof CofreError ? error.cause : undefined;
  return cause instanceof SqliteFailure && isDamage(cause);
}

function isDamage({ primaryCode }: SqliteFailure): boolean {
  return primaryCode === NOTADB || primaryCode === CORRUPT;
}

/** Whether it is an error of the system with one of these codes, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** The system did not let us at `path`; `cause` is its error. */
export function unreachable(role: Role, path: string, cause: unknown): CofreError {
  const known = toCofreError(cause);
  if (known.code === 'NO_SPACE') return known;
  const code = role === 'source' ? 'SOURCE_FAILED' : 'TARGET_INVALID';
  return new CofreError(code, `${path} cannot be used: ${known.message}.`, {
    cause,
    hint: 'Check that the file and its folder may be read and written by this user.',
  });
}

/** The backup is broken; `problems` is what was found. */
export function unusableBackup(problems: readonly string[], cause?: unknown): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The backup does not check: ${problems.slice(0, 3).join('; ')}.`, {
    cause,
    hint: 'The target is untouched. Use another backup; `cofre list` shows them.',
  });
}

/** The database is broken; `problems` is what SQLite's own check said. */
export function damaged(path: string, problems: readonly string[], cause?: unknown): CofreError {
  const shown = problems.slice(0, 3).join('; ');
  return new CofreError('SOURCE_DAMAGED', `${path} is damaged: ${shown}.`, {
    cause,
    hint: 'Keep the file as it is, restore the last good backup into another file, and compare. `sqlite3 FILE .recover` may save more.',
  });
}
