import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { type Behaviour, outcome, type Subject, staleETag } from './behaviour.ts';
import { put } from './objects.ts';

/** Writes and deletes that happen only while the object is, or is not, as expected. */
export const conditional: Record<string, Behaviour> = {
  'If-None-Match on a new key': {
    answer: 'ok',
    observe: (subject) => outcome(putIf(subject, 'fresh', { IfNoneMatch: '*' })),
  },
  'If-None-Match on an existing key': {
    answer: '412 PreconditionFailed',
    async observe(subject) {
      await put(subject, 'taken');
      return outcome(putIf(subject, 'taken', { IfNoneMatch: '*' }));
    },
  },
  'one winner of twelve If-None-Match at once': {
    answer: 1,
    observe: (subject) => winners(subject, 'created at once', { IfNoneMatch: '*' }),
  },
  'right If-Match': {
    answer: 'ok',
    async observe(subject) {
      return outcome(putIf(subject, 'current', { IfMatch: await put(subject, 'current') }));
    },
  },
  'stale If-Match': {
    answer: '412 PreconditionFailed',
    async observe(subject) {
      await put(subject, 'stale');
      return outcome(putIf(subject, 'stale', { IfMatch: staleETag }));
    },
  },
  'If-Match on a missing key': {
    answer: '404 NoSuchKey',
    observe: (subject) => outcome(putIf(subject, 'never', { IfMatch: staleETag })),
  },
  'one winner of twelve If-Match at once': {
    answer: 1,
    async observe(subject) {
      return winners(subject, 'replaced at once', { IfMatch: await put(subject, 'replaced at once') });
    },
  },
  'DeleteObject with a stale If-Match': {
    answer: ['412 PreconditionFailed', 'kept'],
    async observe(subject) {
      await put(subject, 'undeleted');
      return deleteIf(subject, 'undeleted', staleETag);
    },
  },
  'DeleteObject with the right If-Match': {
    answer: ['ok', 'gone'],
    async observe(subject) {
      return deleteIf(subject, 'deleted', await put(subject, 'deleted'));
    },
  },
  'DeleteObjects with a stale ETag': {
    answer: 'kept',
    async observe(subject) {
      await put(subject, 'bulk');
      const Delete = { Objects: [{ Key: 'bulk', ETag: staleETag }] };
      await subject.s3.send(new DeleteObjectsCommand({ Bucket: subject.bucket, Delete }));
      return presence(subject, 'bulk');
    },
  },
};

type Condition = Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>;

function putIf({ s3, bucket }: Subject, key: string, condition: Condition, body = 'new') {
  return s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition }));
}

async function winners(subject: Subject, key: string, condition: Condition): Promise<number> {
  const writers = Array.from({ length: 12 }, (_, i) =>
    outcome(putIf(subject, key, condition, `writer ${i}`)),
  );
  return (await Promise.all(writers)).filter((result) => result === 'ok').length;
}

async function deleteIf(subject: Subject, key: string, etag: string): Promise<[string, string]> {
  const command = new DeleteObjectCommand({ Bucket: subject.bucket, Key: key, IfMatch: etag });
  return [await outcome(subject.s3.send(command)), await presence(subject, key)];
}

async function presence({ s3, bucket }: Subject, key: string): Promise<'kept' | 'gone'> {
  const result = await outcome(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
  return result === 'ok' ? 'kept' : 'gone';
}
