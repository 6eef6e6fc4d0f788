import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AwsServer } from '../servers/aws-server.ts';
import { startLocalStack } from '../servers/localstack.ts';
import { someOf } from '../support/moments.ts';
import { makeWorkspace } from '../support/workspace.ts';
import { killBackups } from './backup-kills.ts';
import { killRestores } from './restore-kills.ts';

const BUCKET = 'killed';
/** Larger than one part, so that there are unfinished uploads to clear. */
const ROWS = 30_000;
const KILLS = someOf(3, 5);

let server: AwsServer;
let client: S3Client;
const workspaces = [makeWorkspace(), makeWorkspace()] as const;

beforeAll(async () => {
  server = await startLocalStack();
  client = new S3Client({ ...server, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  for (const workspace of workspaces) workspace.remove();
  await server?.stop();
});

const env = () => ({
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_REGION: server.region,
  AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
});

test(`a backup to S3 killed at ${KILLS + 2} moments is listed and whole, or not listed, and leaves no upload`, async () => {
  const plan = { store: `s3://${BUCKET}/backups`, env: env(), kills: KILLS, rows: ROWS };
  const outcomes = await killBackups(workspaces[0], plan);
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? []).toEqual([]);
});

test(`a restore from S3 killed at ${KILLS + 2} moments leaves the old or the new database`, async () => {
  const store = `s3://${BUCKET}/restores`;
  const extra = ['--no-safety-backup'];
  const plan = { store, env: env(), kills: KILLS, rows: 9_000, journalMode: 'delete', extra } as const;
  const outcomes = await killRestores(workspaces[1], plan);
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
});
