import { CofreError, type ErrorCode } from '../errors.ts';

/** Codes of errno(3), by what the user can do about them. */
const BY_ERRNO: Readonly<Record<string, { code: ErrorCode; what: string; hint: string }>> = {
  ...same(['ENOSPC', 'EDQUOT', 'EFBIG'], 'NO_SPACE', {
    what: 'there is no space left',
    hint: 'Free some space (`cofre prune`), raise the quota, or use another folder, and try again.',
  }),
  ...same(['EACCES', 'EPERM', 'EROFS', 'ELOOP'], 'STORE_DENIED', {
    what: 'the file system does not allow it',
    hint: 'Check the owner and the mode of the backup folder, and that it is not mounted read-only.',
  }),
  ...same(['ENOENT'], 'STORE_NOT_FOUND', {
    what: 'it does not exist',
    hint: 'It may have been deleted meanwhile. List the backups to see what there is.',
  }),
  ...same(['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG', 'EINVAL'], 'USAGE', {
    what: 'the name does not fit: too long, or a file and a folder would have the same name',
    hint: 'Choose another name for the database or the folder.',
  }),
};

const OTHER = {
  code: 'STORE_UNAVAILABLE',
  what: 'the file system failed',
  hint: 'Check the disk or the network mount that holds the backup folder.',
} as const;

/**
 * Runs file system calls and translates what they throw: a system error becomes the `CofreError` of its errno, other
 * errors pass as they are. `what` says what was tried, for the message.
 */
export async function diskIo<T>(what: string, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw diskError(what, error);
  }
}

/** The `CofreError` for a system error; any other error is returned as it is. */
export function diskError(what: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const entry = BY_ERRNO[errno] ?? OTHER;
  return new CofreError(entry.code, `Cannot ${what}: ${entry.what} (${errno}).`, {
    hint: entry.hint,
    cause: error,
  });
}

/** `ENOENT` and the like; `undefined` when `error` does not come from the operating system. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function same(codes: readonly string[], code: ErrorCode, entry: { what: string; hint: string }) {
  return Object.fromEntries(codes.map((errno) => [errno, { code, ...entry }]));
}
