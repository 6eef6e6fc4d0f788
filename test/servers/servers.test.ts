import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SESClient, SendRawEmailCommand, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AwsServer } from './aws-server.ts';
import { client, type Subject } from './behaviours/behaviour.ts';
import { behaviours } from './behaviours.ts';
import * as localstack from './localstack.ts';
import { sentMails } from './mail.ts';
import * as ministack from './ministack.ts';

const servers = [
  { name: 'LocalStack', start: localstack.startLocalStack, known: localstack.known },
  { name: 'MiniStack', start: ministack.startMiniStack, known: ministack.known },
];

describe.each(servers)('$name', ({ start, known }) => {
  let server: AwsServer;
  let subject: Subject;

  beforeAll(async () => {
    server = await start();
    subject = { server, s3: client(server), bucket: 'behaviours' };
    await subject.s3.send(new CreateBucketCommand({ Bucket: subject.bucket }));
  });

  afterAll(() => server?.stop());

  test.each(Object.entries(behaviours))('%s', async (name, { answer, observe }) => {
    const deviation = known.find(({ behaviour }) => behaviour === name);
    expect(await observe(subject)).toEqual(deviation ? deviation.instead : answer);
  });

  test('a mail that was sent can be read', async () => {
    await sendMail(server);
    const mail = {
      from: 'cofre@example.com',
      subject: 'Backup failed',
      text: expect.stringMatching(/^orders\s*$/),
    };
    expect(await sentMails(server)).toEqual([mail]);
  });

  test('a secret can be read', async () => {
    const { endpoint, region, credentials } = server;
    const secrets = new SecretsManagerClient({ endpoint, region, credentials });
    await secrets.send(new CreateSecretCommand({ Name: 'orders', SecretString: 'p@ss:w/ord' }));
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'orders' }));
    expect(SecretString).toBe('p@ss:w/ord');
  });

  test('every known deviation is of a tested behaviour', () => {
    expect(Object.keys(behaviours)).toEqual(expect.arrayContaining(known.map(({ behaviour }) => behaviour)));
  });
});

test('a server dies with a test run that was killed', async () => {
  const run = spawn(process.execPath, [join(import.meta.dirname, 'killed-run.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(run.stdout, 'data');
  run.kill('SIGKILL');
  await expect.poll(() => isUp(String(output).trim())).toBe(false);
});

async function sendMail({ endpoint, region, credentials }: AwsServer): Promise<void> {
  const ses = new SESClient({ endpoint, region, credentials });
  await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'cofre@example.com' }));
  const lines = [
    'From: cofre@example.com',
    'To: ops@example.com',
    'Subject: Backup failed',
    '',
    'orders',
    '',
  ];
  const Data = Buffer.from(lines.join('\r\n'));
  await ses.send(new SendRawEmailCommand({ RawMessage: { Data } }));
}

async function isUp(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/_ministack/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
