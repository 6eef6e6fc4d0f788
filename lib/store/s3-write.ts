import { randomBytes } from 'node:crypto';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { throwIfAborted } from './abort.ts';
import { checkTag } from './keys.ts';
import { type S3Place, target } from './s3-client.ts';
import { describe, s3Error } from './s3-errors.ts';
import type { Condition, PutOptions, StoredObject } from './store.ts';

/**
 * Name of a piece of metadata that is random for each write. When the answer to a write was lost, a retry finds the
 * condition broken by the first try itself: the object under the key then tells whose it is.
 */
const MARK = 'cofre-write';

/** Longest time for that look at the object, ms: it follows a failure, after retries. */
const LOOK_TIME = 10_000;

/** A mark for one write. */
export function newMark(): string {
  return randomBytes(16).toString('hex');
}

/** What the commands that make an object have in common. */
export function creation(options: Pick<PutOptions, 'tag' | 'contentType'>, mark: string) {
  if (options.tag !== undefined) checkTag(options.tag);
  return {
    ...(options.tag === undefined ? {} : { Tagging: `retention=${encodeURIComponent(options.tag)}` }),
    ...(options.contentType === undefined ? {} : { ContentType: options.contentType }),
    Metadata: { [MARK]: mark },
    ChecksumAlgorithm: 'CRC32',
  } as const;
}

/** The headers of a condition (Amazon S3 user guide, "Add preconditions to S3 operations"). */
export function conditionHeaders(condition: Condition | undefined): { IfNoneMatch?: '*'; IfMatch?: string } {
  if (condition === undefined) return {};
  return 'absent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

/** Writes an object by one PutObject. `modifiedAt` is by this machine's clock, since S3 does not answer with it. */
export async function putObject(
  place: S3Place,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): Promise<StoredObject> {
  const mark = newMark();
  const command = new PutObjectCommand({
    ...target(place, key),
    ...creation(options, mark),
    ...conditionHeaders(options.condition),
    Body: body,
  });
  throwIfAborted(options.signal);
  try {
    const abort = options.signal === undefined ? {} : { abortSignal: options.signal };
    const { ETag = '' } = await place.client.send(command, abort);
    return { key, size: body.length, modifiedAt: place.clock.now(), etag: ETag };
  } catch (error) {
    throwIfAborted(options.signal);
    const written = mayBeWritten(error) ? await findMarked(place, key, mark) : undefined;
    if (written !== undefined) return written;
    throw conditionError(`write ${key} to ${place.url}`, error, options.condition);
  }
}

/** Whether a request that failed may have been carried out: the answer to it, or to an earlier try, did not arrive. */
function mayBeWritten(error: unknown): boolean {
  const { attempts = 1, status } = describe(error);
  return attempts > 1 || status === undefined || status >= 500;
}

/** The object under `key` if it is the one that was written with `mark`. Never throws. */
export async function findMarked(
  place: S3Place,
  key: string,
  mark: string,
): Promise<StoredObject | undefined> {
  try {
    const abortSignal = AbortSignal.timeout(LOOK_TIME);
    const head = await place.client.send(new HeadObjectCommand(target(place, key)), { abortSignal });
    if (head.Metadata?.[MARK] !== mark) return undefined;
    const { ContentLength: size = 0, LastModified: modifiedAt = place.clock.now(), ETag: etag = '' } = head;
    return { key, size, modifiedAt, etag };
  } catch {
    return undefined; // what went wrong with the write is what matters
  }
}

/** If-Match on a key that does not exist is answered by 404 NoSuchKey: for a writer that is a broken condition. */
export function conditionError(what: string, error: unknown, condition: Condition | undefined): unknown {
  const gone = condition !== undefined && 'etag' in condition && describe(error).name === 'NoSuchKey';
  return s3Error(
    what,
    gone ? Object.assign(new Error('it was deleted'), { name: 'PreconditionFailed' }) : error,
  );
}
