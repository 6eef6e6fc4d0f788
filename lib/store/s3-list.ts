import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { CofreError } from '../errors.ts';
import { isKey } from './keys.ts';
import type { S3Place } from './s3-client.ts';
import { s3Call } from './s3-errors.ts';
import type { StoredObject } from './store.ts';

/**
 * The objects whose key starts with `prefix`, in pages of 1,000. A general purpose bucket lists in the order of the
 * keys' UTF-8 bytes (Amazon S3 API reference, ListObjectsV2). What others put there under names that are no keys of
 * ours (`folder/` markers) is left out.
 */
export async function* listObjects(place: S3Place, prefix: string): AsyncGenerator<StoredObject> {
  let token: string | undefined;
  do {
    const page = await listPage(place, prefix, token);
    for (const { Key = '', Size = 0, LastModified = new Date(0), ETag = '' } of page.Contents ?? []) {
      const key = Key.slice(place.prefix.length);
      if (isKey(key)) yield { key, size: Size, modifiedAt: LastModified, etag: ETag };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

function listPage(
  place: S3Place,
  prefix: string,
  token: string | undefined,
): Promise<ListObjectsV2CommandOutput> {
  const command = new ListObjectsV2Command({
    Bucket: place.bucket,
    Prefix: place.prefix + prefix,
    ...(token === undefined ? {} : { ContinuationToken: token }),
  });
  return s3Call(`list ${place.url}`, undefined, (abort) => place.client.send(command, abort));
}

/** Aborts the multipart uploads under the prefix that were begun before `olderThan`; returns how many. */
export async function clearUploads(place: S3Place, olderThan: Date): Promise<number> {
  let cleared = 0;
  for await (const upload of listUploads(place)) {
    if (upload.Initiated === undefined || upload.Initiated >= olderThan) continue;
    if (await abortUpload(place, upload)) cleared += 1;
  }
  return cleared;
}

async function* listUploads(place: S3Place): AsyncGenerator<MultipartUpload> {
  let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (markers !== undefined) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: place.bucket,
      Prefix: place.prefix,
      ...markers,
    });
    const what = `list the unfinished uploads in ${place.url}`;
    const page = await s3Call(what, undefined, (abort) => place.client.send(command, abort));
    yield* page.Uploads ?? [];
    const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
    markers =
      IsTruncated && KeyMarker ? { KeyMarker, ...(UploadIdMarker ? { UploadIdMarker } : {}) } : undefined;
  }
}

/** False when it was finished or aborted meanwhile. */
async function abortUpload(place: S3Place, { Key = '', UploadId = '' }: MultipartUpload): Promise<boolean> {
  const command = new AbortMultipartUploadCommand({ Bucket: place.bucket, Key, UploadId });
  try {
    const what = `abort an unfinished upload of ${Key} in ${place.url}`;
    await s3Call(what, undefined, (abort) => place.client.send(command, abort));
    return true;
  } catch (error) {
    if (error instanceof CofreError && (error.cause as Error | undefined)?.name === 'NoSuchUpload')
      return false;
    throw error;
  }
}
