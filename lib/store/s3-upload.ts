import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CofreError } from '../errors.ts';
import { abortable, abortedError } from './abort.ts';
import { type S3Place, target } from './s3-client.ts';
import { s3Call } from './s3-errors.ts';
import {
  type BufferPool,
  bufferPool,
  cutParts,
  PART_LIMIT,
  type Part,
  partSize,
  partsInFlight,
} from './s3-parts.ts';
import { conditionHeaders, creation, findMarked, newMark, putObject } from './s3-write.ts';
import type { StoredObject, UploadOptions } from './store.ts';

/** Longest time that cleaning up after a failure may take, ms. */
const CLEANUP_TIME = 30_000;

/**
 * Writes an object from a stream: by one PutObject when it ends within the first part, else by a multipart upload,
 * which is aborted on any failure. `firstPart` is the size of the first parts, bytes.
 */
export async function uploadObject(
  place: S3Place,
  key: string,
  chunks: AsyncIterable<Uint8Array>,
  options: UploadOptions,
  firstPart: number,
): Promise<StoredObject> {
  creation(options, ''); // refuses a wrong tag before the source is touched
  target(place, key);
  const pool = bufferPool();
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const sizeOf = (number: number) => partSize(number, firstPart);
  const parts = cutParts(abortable(chunks, signal), sizeOf, pool);
  try {
    const first = (await parts.next()).value;
    if (!first?.full) return await putObject(place, key, first?.body ?? Buffer.alloc(0), options);
    return await uploadParts({ place, key, options, pool, stop, signal }, first, parts);
  } finally {
    await parts.return(); // lets the source clean up
  }
}

interface Upload {
  readonly place: S3Place;
  readonly key: string;
  readonly options: UploadOptions;
  readonly pool: BufferPool;
  /** Ends what is going on when a part has failed. */
  readonly stop: AbortController;
  /** Fires with `stop` or with the caller's signal. */
  readonly signal: AbortSignal;
}

async function uploadParts(upload: Upload, first: Part, rest: AsyncIterable<Part>): Promise<StoredObject> {
  const { place, key, options } = upload;
  const mark = newMark();
  const id = await begin(upload, mark);
  let finishing = false;
  try {
    const sent = await sendParts(upload, id, first, rest);
    finishing = true;
    const etag = await complete(upload, id, sent);
    return { key, size: sent.size, modifiedAt: place.clock.now(), etag };
  } catch (error) {
    await abortUpload(upload, id);
    // The answer to the completion may have been lost. After the abort nothing can change any more: now look.
    const written = finishing ? await findMarked(place, key, mark) : undefined;
    if (written !== undefined) return written;
    if (options.signal?.aborted) throw abortedError(options.signal);
    throw error;
  }
}

async function begin({ place, key, options, signal }: Upload, mark: string): Promise<string> {
  const command = new CreateMultipartUploadCommand({ ...target(place, key), ...creation(options, mark) });
  const what = `begin the upload of ${key} to ${place.url}`;
  const { UploadId } = await s3Call(what, signal, (abort) => place.client.send(command, abort));
  if (UploadId === undefined) throw unexpected(what);
  return UploadId;
}

interface SentPart extends CompletedPart {
  readonly PartNumber: number;
}

interface Sent {
  readonly parts: readonly SentPart[];
  /** Bytes. */
  readonly size: number;
}

/** Sends the parts, a few at a time. When one fails, the others and the source are stopped at once. */
async function sendParts(upload: Upload, id: string, first: Part, rest: AsyncIterable<Part>): Promise<Sent> {
  const sent: SentPart[] = [];
  const inFlight = new Set<Promise<void>>();
  let size = 0;
  let failure: unknown;
  try {
    for await (const part of startingWith(first, rest)) {
      while (inFlight.size >= partsInFlight(part.body.length)) await Promise.race(inFlight);
      size += part.body.length;
      const sending = sendPart(upload, id, part)
        .then((done) => void sent.push(done))
        .catch((error) => {
          failure ??= error;
          upload.stop.abort();
        })
        .finally(() => inFlight.delete(sending));
      inFlight.add(sending);
    }
  } catch (error) {
    failure ??= error;
    upload.stop.abort();
  }
  await Promise.all(inFlight);
  if (failure !== undefined) throw failure;
  return { parts: sent.sort((a, b) => a.PartNumber - b.PartNumber), size };
}

async function* startingWith(first: Part, rest: AsyncIterable<Part>): AsyncGenerator<Part> {
  yield first;
  yield* rest;
}

async function sendPart({ place, key, pool, signal }: Upload, id: string, part: Part): Promise<SentPart> {
  if (part.number > PART_LIMIT) throw tooLarge(key);
  const command = new UploadPartCommand({
    ...target(place, key),
    UploadId: id,
    PartNumber: part.number,
    Body: part.body,
    ChecksumAlgorithm: 'CRC32',
  });
  const what = `write part ${part.number} of ${key} to ${place.url}`;
  const { ETag, ChecksumCRC32 } = await s3Call(what, signal, (abort) => place.client.send(command, abort));
  if (ETag === undefined) throw unexpected(what);
  pool.give(part.body);
  return { PartNumber: part.number, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) };
}

/** Brings the object in. S3 checks that the parts add up to the size, and may answer 200 with an error inside. */
async function complete({ place, key, options, signal }: Upload, id: string, sent: Sent): Promise<string> {
  const command = new CompleteMultipartUploadCommand({
    ...target(place, key),
    ...conditionHeaders(options.condition),
    UploadId: id,
    MultipartUpload: { Parts: [...sent.parts] },
    MpuObjectSize: sent.size,
  });
  const what = `finish the upload of ${key} to ${place.url}`;
  const { ETag } = await s3Call(what, signal, (abort) => place.client.send(command, abort));
  if (ETag === undefined) throw unexpected(what);
  return ETag;
}

/**
 * Best effort, also when the caller has given up; what remains is for `clearUnfinished` and the bucket's lifecycle.
 * Twice, since a part on its way may arrive after the first time (Amazon S3 API reference, AbortMultipartUpload).
 */
async function abortUpload({ place, key }: Upload, id: string): Promise<void> {
  const command = new AbortMultipartUploadCommand({ ...target(place, key), UploadId: id });
  const abortSignal = AbortSignal.timeout(CLEANUP_TIME);
  for (let times = 0; times < 2; times += 1) {
    const gone = await place.client.send(command, { abortSignal }).then(
      () => false,
      () => true, // there is no such upload any more, or it cannot be reached
    );
    if (gone) return;
  }
}

function tooLarge(key: string): CofreError {
  return new CofreError('NO_SPACE', `${key} is larger than an object in S3 can be (5 TiB).`, {
    hint: 'Split the database, or leave out tables that need no backup.',
  });
}

function unexpected(what: string): CofreError {
  return new CofreError('STORE_UNAVAILABLE', `Cannot ${what}: the server's answer is not one of S3.`, {
    hint: 'Check AWS_ENDPOINT_URL: something other than an S3 server answers there.',
  });
}
