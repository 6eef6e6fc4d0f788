import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type S3ClientConfig,
  type Tag,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Clock, systemClock } from '../clock.ts';
import { known } from '../known.ts';
import { contentDisposition } from './content-disposition.ts';
import { checkExpiresIn, checkKey, checkTag } from './keys.ts';
import { type S3Place, s3Client, target } from './s3-client.ts';
import { s3Call } from './s3-errors.ts';
import { clearUploads, listObjects } from './s3-list.ts';
import { FIRST_PART } from './s3-parts.ts';
import { headObject, readObject } from './s3-read.ts';
import { uploadObject } from './s3-upload.ts';
import { putObject } from './s3-write.ts';
import type { DownloadUrlOptions, Store, StoredObject } from './store.ts';

export interface S3StoreOptions {
  readonly bucket: string;
  /** Before each key, without `/` at its ends. */
  readonly prefix?: string;
  /** A client of your own; without one, `clientConfig` is laid over ours (retries, time-outs). */
  readonly client?: S3Client;
  readonly clientConfig?: S3ClientConfig;
  readonly clock?: Clock;
  /** Bytes of the first parts of an upload, at least 5 MiB. Default 8 MiB. */
  readonly partSize?: number;
}

/** The tag that the bucket's lifecycle rules look at. */
const RETENTION = 'retention';

/** A store in a bucket of Amazon S3, or of any server that speaks its protocol with conditional writes. */
export function s3Store(options: S3StoreOptions): Store {
  const place = toPlace(options);
  const { client, url } = place;
  return {
    url,
    put: (key, body, put = {}) => putObject(place, key, body, put),
    upload: (key, chunks, upload = {}) =>
      uploadObject(place, key, chunks, upload, options.partSize ?? FIRST_PART),
    get: (key) => getObject(place, key),
    read: (key, range = {}) => readObject(place, key, range),
    head: (key) => headObject(place, key),
    list: (prefix) => listObjects(place, prefix),

    async delete(key) {
      const command = new DeleteObjectCommand(target(place, key));
      await s3Call(`delete ${key} from ${url}`, undefined, (abort) => client.send(command, abort));
    },

    async getTag(key) {
      return (await tagsOf(place, key)).find((tag) => tag.Key === RETENTION)?.Value;
    },

    async setTag(key, tag) {
      checkTag(tag);
      // PutObjectTagging replaces all tags; those of others (cost allocation) are kept.
      const others = (await tagsOf(place, key)).filter((other) => other.Key !== RETENTION);
      const TagSet = [...others, { Key: RETENTION, Value: tag }];
      const command = new PutObjectTaggingCommand({ ...target(place, key), Tagging: { TagSet } });
      await s3Call(`tag ${key} in ${url}`, undefined, (abort) => client.send(command, abort));
    },

    downloadUrl: (key, download) => presign(place, key, download),
    clearUnfinished: (olderThan) => clearUploads(place, olderThan),
  };
}

function toPlace({
  bucket,
  prefix = '',
  client,
  clientConfig,
  clock = systemClock,
}: S3StoreOptions): S3Place {
  if (prefix !== '') checkKey(prefix);
  return {
    client: client ?? s3Client(clientConfig),
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    url: prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`,
    clock,
  };
}

async function getObject(place: S3Place, key: string): Promise<{ body: Uint8Array; object: StoredObject }> {
  const opened: StoredObject[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of readObject(place, key, {}, (object) => opened.push(object))) chunks.push(chunk);
  return { body: Buffer.concat(chunks), object: known(opened.at(-1), `What ${key} was when it was read`) };
}

async function tagsOf(place: S3Place, key: string): Promise<Tag[]> {
  const command = new GetObjectTaggingCommand(target(place, key));
  const what = `read the tags of ${key} in ${place.url}`;
  const { TagSet = [] } = await s3Call(what, undefined, (abort) => place.client.send(command, abort));
  return TagSet;
}

/** Signed here, by the credentials that are in force now: with those of a role, it dies with the role's session. */
async function presign(place: S3Place, key: string, download: DownloadUrlOptions): Promise<string> {
  checkExpiresIn(download.expiresIn);
  const command = new GetObjectCommand({
    ...target(place, key),
    ResponseContentDisposition: contentDisposition(download.fileName),
    ...(download.contentType === undefined ? {} : { ResponseContentType: download.contentType }),
    ...(download.contentEncoding === undefined ? {} : { ResponseContentEncoding: download.contentEncoding }),
  });
  const options = { expiresIn: download.expiresIn, signingDate: place.clock.now() };
  return s3Call(`sign a link to ${key} in ${place.url}`, undefined, () =>
    getSignedUrl(place.client, command, options),
  );
}
