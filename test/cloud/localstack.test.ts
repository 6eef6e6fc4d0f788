import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ENV } from '../../functions/environment.ts';
import type { Outcome } from '../../functions/outcome.ts';
import { makeSampleDatabase } from '../../infra/local/sample.ts';
import { s3Store } from '../../lib/store/s3.ts';
import type { AwsServer } from '../servers/aws-server.ts';
import { startLocalStack } from '../servers/localstack.ts';
import { type Clients, openClients } from './clients.ts';
import { makeRunFolder, RECIPIENT, SENDER } from './deployed.ts';
import { postgresSource } from './sources/postgres.ts';
import type { Source } from './sources/source.ts';
import { sqliteSource } from './sources/sqlite.ts';

// LocalStack runs no functions without Docker: here the deployed handlers themselves run in this process, on its S3,
// SES and Secrets Manager, with signatures checked.
const BUCKET = 'cofre-localstack';
const opened = new AsyncDisposableStack();
let server: AwsServer;
let clients: Clients;
let sources: Record<string, Source>;

beforeAll(async () => {
  const { path } = opened.use(makeRunFolder());
  const [localstack, helpdesk, shop] = await Promise.all([
    startLocalStack(),
    sqliteSource(path),
    postgresSource(),
  ]);
  server = localstack;
  opened.defer(() => localstack.stop());
  opened.use(shop);
  sources = { sqlite: helpdesk, postgres: shop };
  clients = opened.use(openClients(server));
  await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await clients.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: SENDER }));
  for (const [Name, SecretString] of Object.entries(shop.secrets))
    await clients.secrets.send(new CreateSecretCommand({ Name, SecretString }));
  const config = join(path, 'cofre.json');
  // LocalStack takes a minute for a mail of a megabyte.
  const small = join(path, 'small.sqlite3');
  makeSampleDatabase(small, { users: 10, tickets: 10, commentsPerTicket: 2 });
  const entries = [helpdesk, shop].map(({ name, entry }) => [name, entry]);
  const databases = { ...Object.fromEntries(entries), small: { url: `sqlite:${small}` } };
  const mail = { transport: 'ses:', from: SENDER, recipients: [RECIPIENT] };
  writeFileSync(config, JSON.stringify({ databases, mail, aws: { prune: { keepLast: 1 } } }));
  const variables = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    [ENV.configFile]: config,
    [ENV.store]: `s3://${BUCKET}/backups`,
    [ENV.stack]: 'cofre',
    [ENV.publicUrl]: 'https://cofre.example.com/prod',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await opened.disposeAsync();
});

const lambda = { getRemainingTimeInMillis: () => 900_000 };

async function invoke(name: 'backup' | 'restore' | 'verify', event: object): Promise<Outcome> {
  const { handler } = await import(`../../functions/lambda/${name}.ts`);
  return await handler(event, lambda);
}

// biome-ignore lint/suspicious/noExplicitAny: each function answers its own object
async function done(name: 'backup' | 'restore' | 'verify', event: object): Promise<any> {
  const outcome = await invoke(name, event);
  expect(outcome).toMatchObject({ status: 'succeeded' });
  return (outcome as { result: object }).result;
}

const store = () => s3Store({ bucket: BUCKET, prefix: 'backups', client: clients.s3 });
const tagOf = async (key: string) => {
  const command = new GetObjectTaggingCommand({ Bucket: BUCKET, Key: `backups/${key}` });
  return (await clients.s3.send(command)).TagSet;
};

const withForgedSignature = (link: string) =>
  link.replace(/(?<=Signature=)./, (digit) => (digit === '0' ? '1' : '0'));

describe.each(['sqlite', 'postgres'])('%s', (engine) => {
  test('is backed up with its secret, verified, downloaded by a signed link, restored and pruned', async () => {
    const source = sources[engine]!;
    const before = await source.fingerprint();
    const made = await done('backup', { database: source.name });
    expect(await tagOf(made.key)).toEqual([{ Key: 'retention', Value: 'hold' }]);
    expect(await done('verify', { backup: made.id })).toMatchObject({ ok: true, rows: made.rows });

    const link = await store().downloadUrl(made.key, { expiresIn: 60, fileName: made.fileName });
    const bytes = Buffer.from(await (await fetch(link)).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.sha256);
    expect((await fetch(withForgedSignature(link))).status).toBe(403);
    expect((await fetch(link.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403);

    await source.damage();
    await done('restore', { database: source.name, backup: made.id, safetyBackup: false });
    expect(await source.fingerprint()).toBe(before);

    const newer = await done('backup', { database: source.name });
    const { handler: prune } = await import('../../functions/lambda/prune.ts');
    await prune({ trigger: 'schedule' });
    const { handler: list } = await import('../../functions/lambda/list.ts');
    const { backups } = (await list({ database: source.name })) as { backups: { id: string }[] };
    expect(backups.map(({ id }) => id)).toEqual([newer.id]);
  });
});

test('a mail with the backup arrives at SES', async () => {
  const event = { database: 'small', email: true };
  const responsePayload = await invoke('backup', event);
  const { handler: notify } = await import('../../functions/lambda/notify.ts');
  const requestContext = {
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:cofre-backup',
    condition: 'Success',
  };
  await notify({
    requestContext,
    requestPayload: { ...event, trigger: 'manual', actor: 'ana' },
    responsePayload,
  });
  const { messages } = (await (await fetch(`${server.endpoint}/_aws/ses`)).json()) as {
    messages: { RawData: string; Source: string }[];
  };
  const mail = await simpleParser(messages.at(-1)!.RawData);
  expect(messages.at(-1)!.Source).toBe(SENDER);
  expect(mail.attachments.map(({ filename }) => filename)).toEqual([
    expect.stringMatching(/^db_backup_.*\.sqlite3\.zst$/),
  ]);
  expect(mail.text).toContain('https://cofre.example.com/prod');
});

test('an event that is not valid reaches nothing', async () => {
  for (const event of [
    null,
    [],
    {},
    { database: '../x' },
    { database: 'helpdesk', days: 0 },
    { database: 'helpdesk', more: 1 },
  ])
    expect(await invoke('backup', event as object)).toMatchObject({
      status: 'failed',
      error: { code: 'USAGE' },
    });
  expect(await invoke('backup', { database: 'nobody' })).toMatchObject({
    error: { code: 'DATABASE_UNKNOWN' },
  });
});
