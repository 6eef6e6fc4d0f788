import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type Tag,
} from '@aws-sdk/client-s3';
import { type Behaviour, outcome, type Subject } from './behaviour.ts';

/** Whole objects: reading, listing, tags, checksums. */
export const objects: Record<string, Behaviour> = {
  'put, then get': {
    answer: 'hello world',
    async observe(subject) {
      await put(subject, 'plain');
      return (await get(subject, 'plain')).text;
    },
  },
  'ranged GET': {
    answer: { text: 'world', range: 'bytes 6-10/11' },
    async observe(subject) {
      await put(subject, 'range');
      return get(subject, 'range', 'bytes=6-10');
    },
  },
  'range past the end': {
    answer: '416 InvalidRange',
    async observe(subject) {
      await put(subject, 'range');
      return outcome(get(subject, 'range', 'bytes=11-'));
    },
  },
  'ranged GET of a replaced object': {
    answer: '412 PreconditionFailed',
    async observe({ s3, bucket, ...rest }) {
      const before = await put({ s3, bucket, ...rest }, 'replaced');
      await put({ s3, bucket, ...rest }, 'replaced', 'another text');
      const range = { Range: 'bytes=6-', IfMatch: before };
      return outcome(s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'replaced', ...range })));
    },
  },
  'GET of a missing key': {
    answer: '404 NoSuchKey',
    observe: (subject) => outcome(get(subject, 'missing')),
  },
  'listing in pages': {
    answer: [['list/a', 'list/b'], ['list/c']],
    async observe(subject) {
      for (const key of ['list/c', 'list/a', 'list/b']) await put(subject, key);
      const first = await list(subject);
      const second = await list(subject, first.next);
      return [first.keys, second.keys];
    },
  },
  'tags on PutObject': {
    answer: { retention: 'daily' },
    async observe(subject) {
      await put(subject, 'tagged', 'text', 'retention=daily');
      return tags(subject, 'tagged');
    },
  },
  'tags replaced': {
    answer: { retention: 'hold' },
    async observe(subject) {
      await put(subject, 'retagged', 'text', 'retention=daily');
      const Tagging = { TagSet: [{ Key: 'retention', Value: 'hold' }] };
      await subject.s3.send(
        new PutObjectTaggingCommand({ Bucket: subject.bucket, Key: 'retagged', Tagging }),
      );
      return tags(subject, 'retagged');
    },
  },
  'eleven tags': {
    answer: '400 BadRequest',
    observe: (subject) => outcome(put(subject, 'eleven', 'text', 'abcdefghijk'.split('').join('=1&'))),
  },
  'wrong SHA-256': {
    answer: '400 BadDigest',
    async observe({ s3, bucket }) {
      const ChecksumSHA256 = Buffer.alloc(32).toString('base64');
      const object = { Bucket: bucket, Key: 'damaged', Body: 'text', ChecksumSHA256 };
      return outcome(s3.send(new PutObjectCommand(object)));
    },
  },
  'encryption by default': {
    answer: 'AES256',
    async observe({ s3, bucket }) {
      const object = { Bucket: bucket, Key: 'encrypted', Body: 'text' };
      return (await s3.send(new PutObjectCommand(object))).ServerSideEncryption;
    },
  },
  'expiry told by HeadObject': {
    answer: 'rule-id="brief"',
    async observe(subject) {
      await expireBrief(subject);
      await put(subject, 'expiring', 'text', 'retention=brief');
      const head = new HeadObjectCommand({ Bucket: subject.bucket, Key: 'expiring' });
      return (await subject.s3.send(head)).Expiration?.split(', ').at(-1);
    },
  },
};

/** Puts an object and returns its ETag. */
export async function put(
  { s3, bucket }: Subject,
  key: string,
  body = 'hello world',
  tagging?: string,
): Promise<string> {
  const object = { Bucket: bucket, Key: key, Body: body, Tagging: tagging };
  return (await s3.send(new PutObjectCommand(object))).ETag!;
}

/** The tags of an object, by key. */
export async function tags({ s3, bucket }: Subject, key: string): Promise<Record<string, string>> {
  const answer = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
  return Object.fromEntries(answer.TagSet!.map((tag: Tag) => [tag.Key!, tag.Value!]));
}

async function get({ s3, bucket }: Subject, key: string, range?: string) {
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
  return { text: await answer.Body!.transformToString(), range: answer.ContentRange };
}

async function list({ s3, bucket }: Subject, token?: string) {
  const page = { Bucket: bucket, Prefix: 'list/', MaxKeys: 2, ContinuationToken: token };
  const answer = await s3.send(new ListObjectsV2Command(page));
  return { keys: answer.Contents!.map((object) => object.Key), next: answer.NextContinuationToken };
}

async function expireBrief({ s3, bucket }: Subject): Promise<void> {
  const Filter = { Tag: { Key: 'retention', Value: 'brief' } };
  const Rules = [{ ID: 'brief', Status: 'Enabled' as const, Filter, Expiration: { Days: 1 } }];
  const LifecycleConfiguration = { Rules };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }));
}
