import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Deviation } from '../../contracts/store/harness.ts';
import type { AwsServer } from '../../servers/aws-server.ts';
import { known as localStackKnown } from '../../servers/localstack.ts';
import { known as miniStackKnown } from '../../servers/ministack.ts';

/** What the entries of the servers' own lists mean for the contract. */
const MEANING: Readonly<Record<string, Deviation>> = {
  'tags on a multipart upload': 'drops-multipart-tags',
  'presigned GET that has expired': 'ignores-expiry',
  'presigned GET with another file name': 'ignores-signature',
};

/** What the contract suite found beyond those lists; `OBSERVE` sees each of them on the server. */
const FOUND: Readonly<Record<AwsServer['name'], readonly Deviation[]>> = {
  localstack: ['completions-race'],
  ministack: ['keeps-old-tags'],
};

/** In which ways a server is known not to be S3, as the contract suite names them. */
export function deviationsOf(server: AwsServer['name']): ReadonlySet<Deviation> {
  const known = server === 'localstack' ? localStackKnown : miniStackKnown;
  return new Set([...FOUND[server], ...known.flatMap(({ behaviour }) => MEANING[behaviour] ?? [])]);
}

/** Whether a server deviates so, asked by plain commands. */
export const OBSERVE: ReadonlyArray<
  readonly [Deviation, (s3: S3Client, Bucket: string) => Promise<boolean>]
> = [
  ['keeps-old-tags', keepsOldTags],
  ['completions-race', completionsRace],
];

async function keepsOldTags(s3: S3Client, Bucket: string): Promise<boolean> {
  const target = { Bucket, Key: 'overwritten' };
  await s3.send(new PutObjectCommand({ ...target, Body: 'a', Tagging: 'retention=daily' }));
  await s3.send(new PutObjectCommand({ ...target, Body: 'b' }));
  return (await s3.send(new GetObjectTaggingCommand(target))).TagSet!.length > 0;
}

/** Since it is a race, which a busy machine may keep from being one: enough tries to see it in any case. */
const TRIES = 25;

async function completionsRace(s3: S3Client, Bucket: string): Promise<boolean> {
  for (let n = 1; n <= TRIES; n += 1) {
    if ((await completionsThatWin(s3, { Bucket, Key: `race-${n}` })) > 1) return true;
  }
  return false;
}

/** Of eight at once; on S3 it is one. */
async function completionsThatWin(s3: S3Client, target: Target): Promise<number> {
  const uploads = await Promise.all(Array.from({ length: 8 }, () => uploadOnePart(s3, target)));
  const completions = uploads.map((upload) => s3.send(new CompleteMultipartUploadCommand(upload)));
  return (await Promise.allSettled(completions)).filter(({ status }) => status === 'fulfilled').length;
}

interface Target {
  readonly Bucket: string;
  readonly Key: string;
}

async function uploadOnePart(s3: S3Client, target: Target) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const Body = Buffer.alloc(5 * 2 ** 20);
  const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body }));
  return { ...target, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] }, IfNoneMatch: '*' };
}
