import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, type GetObjectCommandInput, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Behaviour, client, outcome, type Subject } from './behaviour.ts';
import { put } from './objects.ts';

/** Who may do what: signatures in headers and in presigned URLs. */
export const access: Record<string, Behaviour> = {
  'wrong secret key': {
    answer: '403 SignatureDoesNotMatch',
    observe: (subject) => outcome(listAs(subject, subject.server.credentials.accessKeyId)),
  },
  'unknown access key': {
    answer: '403 InvalidAccessKeyId',
    observe: (subject) => outcome(listAs(subject, 'AKIA0000000000000000')),
  },
  'unsigned GET': {
    answer: 403,
    async observe(subject) {
      await put(subject, 'private');
      return (await fetch(`${subject.server.endpoint}/${subject.bucket}/private`)).status;
    },
  },
  'presigned GET': {
    answer: { status: 200, text: 'hello world', disposition: null, encoding: null },
    observe: async (subject) => download(await presign(subject)),
  },
  'presigned GET with a file name and an encoding': {
    answer: {
      status: 200,
      text: 'hello world',
      disposition: 'attachment; filename="db_backup.sql.zst"',
      encoding: 'identity',
    },
    async observe(subject) {
      const ResponseContentDisposition = 'attachment; filename="db_backup.sql.zst"';
      const overrides = { ResponseContentDisposition, ResponseContentEncoding: 'identity' };
      return download(await presign(subject, overrides));
    },
  },
  'presigned GET with another file name': {
    answer: 403,
    async observe(subject) {
      const url = await presign(subject, { ResponseContentDisposition: 'attachment' });
      return (await download(url.replace('=attachment', '=inline'))).status;
    },
  },
  'presigned GET of another key': {
    answer: 403,
    async observe(subject) {
      await put(subject, 'other');
      return (await download((await presign(subject)).replace('/presigned?', '/other?'))).status;
    },
  },
  'presigned GET that has expired': {
    answer: 403,
    async observe(subject) {
      const url = await presign(subject, {}, 1);
      await sleep(2_100);
      return (await download(url)).status;
    },
  },
};

function listAs({ server, bucket }: Subject, accessKeyId: string) {
  const stranger = client(server, { accessKeyId, secretAccessKey: 'wrong' });
  return stranger.send(new ListObjectsV2Command({ Bucket: bucket }));
}

async function presign(
  subject: Subject,
  overrides: Partial<GetObjectCommandInput> = {},
  expiresIn = 60,
): Promise<string> {
  await put(subject, 'presigned');
  const command = new GetObjectCommand({ Bucket: subject.bucket, Key: 'presigned', ...overrides });
  return getSignedUrl(subject.s3, command, { expiresIn });
}

async function download(url: string) {
  const response = await fetch(url);
  return {
    status: response.status,
    text: await response.text(),
    disposition: response.headers.get('content-disposition'),
    encoding: response.headers.get('content-encoding'),
  };
}
