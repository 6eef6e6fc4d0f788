import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Behaviour, MiB, outcome, type Subject, staleETag } from './behaviour.ts';
import { put, tags } from './objects.ts';

const large = Buffer.alloc(5 * MiB, 'a');
const small = Buffer.from('0123456789');
const whole = Buffer.concat([large, small]);

/** Objects uploaded in parts. */
export const multipart: Record<string, Behaviour> = {
  'range across two parts': {
    answer: 'aa01',
    async observe(subject) {
      await upload(subject, 'two parts');
      const Range = `bytes=${large.length - 2}-${large.length + 1}`;
      const get = new GetObjectCommand({ Bucket: subject.bucket, Key: 'two parts', Range });
      return (await subject.s3.send(get)).Body!.transformToString();
    },
  },
  'tags on a multipart upload': {
    answer: { retention: 'daily' },
    async observe(subject) {
      await upload(subject, 'tagged parts', { create: { Tagging: 'retention=daily' } });
      return tags(subject, 'tagged parts');
    },
  },
  'If-None-Match on CompleteMultipartUpload': {
    answer: '412 PreconditionFailed',
    async observe(subject) {
      await put(subject, 'taken parts');
      return outcome(upload(subject, 'taken parts', { complete: { IfNoneMatch: '*' } }));
    },
  },
  'stale If-Match on CompleteMultipartUpload': {
    answer: '412 PreconditionFailed',
    async observe(subject) {
      await put(subject, 'stale parts');
      return outcome(upload(subject, 'stale parts', { complete: { IfMatch: staleETag } }));
    },
  },
  'right If-Match on CompleteMultipartUpload': {
    answer: 'ok',
    async observe(subject) {
      const IfMatch = await put(subject, 'current parts');
      return outcome(upload(subject, 'current parts', { complete: { IfMatch } }));
    },
  },
  'part numbers with gaps': {
    answer: 'ok',
    observe: (subject) =>
      outcome(
        upload(subject, 'gaps', {
          parts: [
            [7, large],
            [10_000, small],
          ],
        }),
      ),
  },
  'part 10,001': {
    answer: '400 InvalidArgument',
    observe: (subject) => outcome(upload(subject, 'too many', { parts: [[10_001, small]] })),
  },
  'part under 5 MiB before the last': {
    answer: '400 EntityTooSmall',
    observe: (subject) =>
      outcome(
        upload(subject, 'too small', {
          parts: [
            [1, small],
            [2, small],
          ],
        }),
      ),
  },
  'parts completed out of order': {
    answer: '400 InvalidPartOrder',
    observe: (subject) =>
      outcome(
        upload(subject, 'disorder', {
          parts: [
            [2, large],
            [1, large],
          ],
        }),
      ),
  },
  'wrong CRC32 of a part': {
    answer: '400 BadDigest',
    async observe({ s3, bucket }) {
      const target = { Bucket: bucket, Key: 'damaged part' };
      const { UploadId } = await s3.send(
        new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }),
      );
      const part = { ...target, UploadId, PartNumber: 1, Body: small, ChecksumCRC32: 'AAAAAA==' };
      return outcome(s3.send(new UploadPartCommand(part)));
    },
  },
  'full-object CRC32 of a multipart upload': {
    answer: 'ok',
    observe: (subject) => {
      const create = { ChecksumType: 'FULL_OBJECT' } as const;
      const complete = { ChecksumType: 'FULL_OBJECT', ChecksumCRC32: base64Crc32(whole) } as const;
      return outcome(upload(subject, 'whole checksum', { create, complete }));
    },
  },
  'full-object SHA-256': {
    answer: '400 InvalidRequest',
    observe: ({ s3, bucket }) => {
      const checksum = { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' } as const;
      return outcome(
        s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'whole', ...checksum })),
      );
    },
  },
  'HeadObject of one part': {
    answer: small.length,
    async observe(subject) {
      await upload(subject, 'one part');
      const head = new HeadObjectCommand({ Bucket: subject.bucket, Key: 'one part', PartNumber: 2 });
      return (await subject.s3.send(head)).ContentLength;
    },
  },
  'aborted upload': {
    answer: { before: 1, after: 0 },
    async observe({ s3, bucket }) {
      const target = { Bucket: bucket, Key: 'aborted' };
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
      const before = await unfinished({ s3, bucket }, 'aborted');
      await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
      return { before, after: await unfinished({ s3, bucket }, 'aborted') };
    },
  },
};

interface Upload {
  readonly create?: Partial<CreateMultipartUploadCommandInput>;
  readonly complete?: Partial<CompleteMultipartUploadCommandInput>;
  /** Part numbers and contents, in the order in which they are completed. */
  readonly parts?: readonly (readonly [number, Buffer])[];
}

async function upload({ s3, bucket }: Subject, key: string, options: Upload = {}): Promise<void> {
  const target = { Bucket: bucket, Key: key };
  const checksum = { ChecksumAlgorithm: 'CRC32' } as const;
  const create = new CreateMultipartUploadCommand({ ...target, ...checksum, ...options.create });
  const { UploadId } = await s3.send(create);
  const Parts: CompletedPart[] = [];
  for (const [PartNumber, Body] of options.parts ??
    ([
      [1, large],
      [2, small],
    ] as const)) {
    const part = new UploadPartCommand({ ...target, ...checksum, UploadId, PartNumber, Body });
    const { ETag, ChecksumCRC32 } = await s3.send(part);
    Parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  const complete = { ...target, UploadId, MultipartUpload: { Parts }, ...options.complete };
  await s3.send(new CompleteMultipartUploadCommand(complete));
}

async function unfinished({ s3, bucket }: Pick<Subject, 's3' | 'bucket'>, key: string): Promise<number> {
  const list = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
  return (await s3.send(list)).Uploads?.length ?? 0;
}

function base64Crc32(data: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString('base64');
}
