import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mailer, openMailer } from '../../../lib/notify/mailer.ts';
import { mailBackup } from '../../../lib/notify/notify.ts';
import type { AwsServer } from '../../servers/aws-server.ts';
import { startLocalStack } from '../../servers/localstack.ts';
import { startMiniStack } from '../../servers/ministack.ts';
import { freePort } from '../../servers/process.ts';
import { mail, mailConfig, removeFolder, storeBackup, TOLD, temporaryFolder } from './sample.ts';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => removeFolder(folder));

function environment({ endpoint, region, credentials }: AwsServer, secret = credentials.secretAccessKey) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secret,
  };
}

const open = (env: Record<string, string>): Mailer => openMailer('ses:', { folder, env });

async function verifySender({ endpoint, region, credentials }: AwsServer): Promise<void> {
  const client = new SESClient({ endpoint, region, credentials });
  await client.send(new VerifyEmailIdentityCommand({ EmailAddress: mail.from }));
  client.destroy();
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

describe('LocalStack', () => {
  let server: AwsServer;

  beforeAll(async () => {
    server = await startLocalStack();
    await verifySender(server);
  });

  afterAll(() => server?.stop());

  async function sent() {
    const { messages } = await getJson<{ messages: Array<{ Source: string; RawData: string }> }>(
      `${server.endpoint}/_aws/ses`,
    );
    return messages;
  }

  test('a backup arrives as it is stored', async () => {
    const { store, backup, archive } = await storeBackup(`${folder}/a`, 200_000);
    const config = { ...mailConfig, language: 'pt-BR' } as const;
    const recipients = ['ana@example.com', 'joao@example.org'];
    const mailer = open(environment(server));
    const result = await mailBackup({ mailer, mail: config, recipients, backup, store, ...TOLD });
    expect(result).toEqual({ attached: true, recipients });
    const parsed = await simpleParser((await sent()).at(-1)!.RawData);
    expect(parsed.subject).toContain('concluído com êxito');
    expect([parsed.to].flat().flatMap((it) => it!.value.map(({ address }) => address))).toEqual(recipients);
    expect(parsed.attachments).toMatchObject([{ filename: backup.manifest.archive.file }]);
    expect(parsed.attachments[0]!.content.equals(archive)).toBe(true);
  });

  test('a sender that is not verified is MAIL_FAILED, and the hint says so', async () => {
    const before = (await sent()).length;
    await expect(open(environment(server)).send({ ...mail, from: 'eve@example.com' })).rejects.toMatchObject({
      code: 'MAIL_FAILED',
      message: expect.stringContaining('MessageRejected'),
      hint: expect.stringContaining('Verify mail.from'),
    });
    expect(await sent()).toHaveLength(before);
  });
});

describe('MiniStack', () => {
  let server: AwsServer;

  beforeAll(async () => {
    server = await startMiniStack();
    await verifySender(server);
  });

  afterAll(() => server?.stop());

  const messages = () => getJson<unknown>(`${server.endpoint}/_ministack/ses/messages`);

  test('a mail arrives with its accents', async () => {
    await open(environment(server)).send(mail);
    const text = JSON.stringify(await messages());
    for (const part of [mail.subject, ...mail.to, 'Olá, mundo.']) expect(text).toContain(part);
  });

  test('a sender that is not verified is MAIL_FAILED', async () => {
    await expect(open(environment(server)).send({ ...mail, from: 'eve@example.com' })).rejects.toMatchObject({
      code: 'MAIL_FAILED',
      hint: expect.stringContaining('Verify mail.from'),
    });
  });

  test('a backup of the default limit is sent', async () => {
    const { store, backup } = await storeBackup(`${folder}/b`, mailConfig.attachLimit - 10_000);
    const request = { mailer: open(environment(server)), mail: mailConfig, store, backup, ...TOLD };
    const result = await mailBackup({ ...request, recipients: ['large@example.com'] });
    expect(result).toEqual({ attached: true, recipients: ['large@example.com'] });
    expect(JSON.stringify(await messages())).toContain('large@example.com');
  });

  test('a wrong secret key is MAIL_FAILED, and is not shown', async () => {
    const secret = 'wrong-secret-key';
    const error = await open(environment(server, secret))
      .send(mail)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MAIL_FAILED', hint: expect.stringContaining('credentials') });
    expect(JSON.stringify(error) + String(error)).not.toContain(secret);
  });
});

test('SES that cannot be reached is MAIL_FAILED', async () => {
  const env = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    // The endpoint of the service comes before the general one, as in the SDK.
    AWS_ENDPOINT_URL_SES: `http://127.0.0.1:${await freePort()}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
  };
  await expect(open(env).send(mail)).rejects.toMatchObject({
    code: 'MAIL_FAILED',
    message: expect.stringContaining(new URL(env.AWS_ENDPOINT_URL_SES).port),
    hint: expect.stringContaining('AWS_REGION'),
  });
});
