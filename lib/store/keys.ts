import { CofreError } from '../errors.ts';

/** Segments that start so belong to the store itself; case does not matter, as on macOS and Windows. */
const RESERVED = /^\.cofre/i;

/** Control characters and non-characters: an S3 listing is XML 1.0, which cannot carry them (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this looks for
const UNPRINTABLE = /[\u0000-\u001f\u007f\ufffe\uffff]/;

/** Reserved in Windows file names, `:` opens alternate data streams (Microsoft, "Naming Files, Paths"). */
const NOT_ON_WINDOWS = /[\\:*?"<>|]|[. ]$/;

/** NAME_MAX of the usual file systems; bytes. */
const SEGMENT_LIMIT = 255;

/** Amazon S3 user guide, "Creating object key names"; bytes of UTF-8, prefix included. */
const KEY_LIMIT = 1024;

/** Throws unless `key` is one that every store can hold. @throws {CofreError} `USAGE` */
export function checkKey(key: string): void {
  const problem = keyProblem(key);
  if (problem === undefined) return;
  throw new CofreError('USAGE', `${JSON.stringify(key)} cannot be the name of an object: ${problem}.`, {
    hint: 'Use segments of letters, digits, "-", "_" and "." joined by "/".',
  });
}

/** Whether every store can hold an object of this name. */
export function isKey(name: string): boolean {
  return keyProblem(name) === undefined;
}

/** Whether `name` can be one segment of a key: not hidden, not a traversal, not too long. */
export function isSegment(name: string): boolean {
  return segmentProblem(name) === undefined;
}

function keyProblem(key: string): string | undefined {
  if (Buffer.byteLength(key) > KEY_LIMIT) return `it is longer than ${KEY_LIMIT} bytes`;
  for (const segment of key.split('/')) {
    const problem = segmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function segmentProblem(name: string): string | undefined {
  if (name === '') return 'it is empty, or begins or ends with "/", or has "//"';
  if (name === '.' || name === '..') return '"." and ".." are not allowed';
  if (RESERVED.test(name)) return 'names that start with ".cofre" are reserved';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  if (UNPRINTABLE.test(name)) return 'control characters are not allowed';
  if (Buffer.byteLength(name) > SEGMENT_LIMIT) return `a segment is longer than ${SEGMENT_LIMIT} bytes`;
  if (process.platform === 'win32' && NOT_ON_WINDOWS.test(name)) return 'Windows does not allow it';
  return undefined;
}

/** What S3 allows in a tag's value (Amazon S3 user guide, "Categorizing your storage using tags"). */
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

/** Throws unless `tag` can be the value of a tag. @throws {CofreError} `USAGE` */
export function checkTag(tag: string): void {
  if (TAG.test(tag)) return;
  throw new CofreError('USAGE', `${JSON.stringify(tag)} cannot be a retention tag.`, {
    hint: 'Use up to 256 letters, digits, spaces and _ . : / = + - @',
  });
}

/** Throws unless `start` and `end` are byte offsets in order. @throws {CofreError} `USAGE` */
export function checkRange(start: number, end: number | undefined): void {
  const ordered = end === undefined || (Number.isSafeInteger(end) && end >= start);
  if (Number.isSafeInteger(start) && start >= 0 && ordered) return;
  throw new CofreError('USAGE', `${start} to ${end} is not a range of bytes.`);
}

/** The error for a range that reaches past the object's end: the object is not the one the caller knows. */
export function shorterThanAsked(key: string, size: number): CofreError {
  return new CofreError('STORE_CONFLICT', `${key} has only ${size} bytes, less than were asked for.`, {
    hint: 'It was replaced or truncated since its size was noted. List the backups again.',
  });
}

/** The error for an object that is not there. */
export function objectNotFound(key: string, url: string, cause?: unknown): CofreError {
  return new CofreError('STORE_NOT_FOUND', `There is no ${key} in ${url}.`, {
    cause,
    hint: 'It may have been deleted or have expired. List the backups to see what there is.',
  });
}

/** Longest life of a presigned URL, seconds (Amazon S3 API reference, "Authenticating requests: query parameters"). */
const LONGEST = 7 * 24 * 3600;

/** Throws unless a download URL can live for so many seconds. @throws {CofreError} `USAGE` */
export function checkExpiresIn(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST) return;
  throw new CofreError('USAGE', `A download link cannot live for ${seconds} seconds.`, {
    hint: `Use a whole number from 1 to ${LONGEST} (7 days).`,
  });
}
