import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand } from '@aws-sdk/client-s3';
import { CofreError } from '../errors.ts';
import { orAbort, throwIfAborted } from './abort.ts';
import { checkRange, shorterThanAsked } from './keys.ts';
import { type S3Place, target } from './s3-client.ts';
import { describe, s3Call, s3Error } from './s3-errors.ts';
import type { ReadOptions, StoredObject } from './store.ts';

/** How often a read is taken up again without having got one byte further. */
const TRIES = 6;

/** First pause before a read is taken up again, ms; doubles each time. */
const PAUSE = 100;

/** Metadata, or `undefined` when there is no such object. */
export async function headObject(place: S3Place, key: string): Promise<StoredObject | undefined> {
  const command = new HeadObjectCommand(target(place, key));
  try {
    const what = `look up ${key} in ${place.url}`;
    return toObject(key, await s3Call(what, undefined, (abort) => place.client.send(command, abort)));
  } catch (error) {
    if (error instanceof CofreError && error.code === 'STORE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Streams an object or a range of it. When the connection drops or falls silent, goes on at the byte reached, with
 * `If-Match` (RFC 9110, 13.1.1): the rest is of the same version, or the read fails with `STORE_CONFLICT`. Each byte
 * gained renews the number of tries. `opened` hears what object is being read.
 */
export async function* readObject(
  place: S3Place,
  key: string,
  { start = 0, end, signal }: ReadOptions,
  opened: (object: StoredObject) => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  checkRange(start, end);
  if (end === start) return checkReaches(place, key, start, signal);
  let at = start;
  let stop = end;
  let etag: string | undefined;
  let tries = 0;
  while (stop === undefined || at < stop) {
    const answer = await open({ place, key, at, stop, etag, signal });
    if (answer === undefined) return; // the range begins at the end
    stop ??= answer.size;
    etag = answer.object.etag;
    opened(answer.object);
    try {
      for await (const chunk of answer.body) {
        at += chunk.length;
        if (at > stop) throw unranged(key);
        tries = 0;
        yield chunk;
      }
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof CofreError) throw error;
      if (tries >= TRIES) throw s3Error(`read ${key} from ${place.url}`, error);
    }
    if (at < stop) {
      if (tries >= TRIES) throw brokenOff(key, at, stop);
      await orAbort(place.clock.sleep(PAUSE * 2 ** tries, signal), signal);
      tries += 1;
    }
  }
}

interface Opening {
  readonly place: S3Place;
  readonly key: string;
  readonly at: number;
  readonly stop: number | undefined;
  readonly etag: string | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Opened {
  readonly object: StoredObject;
  /** Of the whole object, bytes. */
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Begins to read at `at`; `undefined` when that is just the end of the object and no end was asked for. */
async function open(opening: Opening): Promise<Opened | undefined> {
  const { place, key, at, stop, etag, signal } = opening;
  const ranged = at > 0 || stop !== undefined; // an empty object has no range at all
  const command = new GetObjectCommand({
    ...target(place, key),
    ...(ranged ? { Range: `bytes=${at}-${stop === undefined ? '' : stop - 1}` } : {}),
    ...(etag === undefined ? {} : { IfMatch: etag }),
  });
  throwIfAborted(signal);
  let answer: GetObjectCommandOutput;
  try {
    answer = await place.client.send(command, signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    throwIfAborted(signal);
    if (describe(error).status !== 416) throw s3Error(`read ${key} from ${place.url}`, error);
    await checkReaches(place, key, stop ?? at, signal);
    return undefined;
  }
  return checkAnswer(opening, ranged, answer);
}

/** Does not trust a server to have understood the range (RFC 9110, 14.4: `Content-Range: bytes 0-4/10`). */
function checkAnswer({ key, at, stop }: Opening, ranged: boolean, answer: GetObjectCommandOutput): Opened {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
  const size = ranged ? Number(total ?? Number.NaN) : (answer.ContentLength ?? Number.NaN);
  const body = answer.Body as (AsyncIterable<Uint8Array> & { destroy?(): void }) | undefined;
  const understood = body !== undefined && !Number.isNaN(size) && (!ranged || Number(first) === at);
  if (understood && size >= (stop ?? 0)) return { object: { ...toObject(key, answer), size }, size, body };
  body?.destroy?.();
  throw understood ? shorterThanAsked(key, size) : unranged(key);
}

/** Throws unless the object has at least `size` bytes. */
async function checkReaches(place: S3Place, key: string, size: number, signal?: AbortSignal): Promise<void> {
  const what = `read ${key} from ${place.url}`;
  const command = new HeadObjectCommand(target(place, key));
  const { ContentLength = 0 } = await s3Call(what, signal, (abort) => place.client.send(command, abort));
  if (ContentLength < size) throw shorterThanAsked(key, ContentLength);
}

function toObject(
  key: string,
  answer: Pick<GetObjectCommandOutput, 'ContentLength' | 'LastModified' | 'ETag'>,
): StoredObject {
  const { ContentLength: size = 0, LastModified: modifiedAt = new Date(0), ETag: etag = '' } = answer;
  return { key, size, modifiedAt, etag };
}

function brokenOff(key: string, at: number, stop: number): CofreError {
  const message = `The read of ${key} broke off at byte ${at} of ${stop}, and did so again on each retry.`;
  return new CofreError('STORE_UNAVAILABLE', message, {
    hint: 'Check the network and the status of the S3 service, and try again.',
  });
}

function unranged(key: string): CofreError {
  return new CofreError('STORE_UNAVAILABLE', `The server sent other bytes of ${key} than were asked for.`, {
    hint: 'Cofre needs ranged GETs. Check what serves AWS_ENDPOINT_URL, and proxies on the way.',
  });
}
