import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { description, operationIds, operationOf } from '../api/description.ts';
import type { AwsServer } from '../servers/aws-server.ts';
import { startMiniStack } from '../servers/ministack.ts';
import { leaksIn } from './canaries.ts';
import { openScene, type Scene } from './scene.ts';
import { type Exchange, type FuzzResult, fuzz } from './schemathesis.ts';

/** Where secrets may be kept. Those of AWS itself come from the emulator. */
const CANARIES: Record<string, string> = {
  environment: 'Canary/env:9f+e "ü',
  secret: 'Canary/sm:77@c#1?&',
  field: "Canary'field:5b%a",
  url: 'Canary-url-c0ffee',
  unencoded: 'Canary#un/enc@oded',
  mailbox: 'Canary-smtp-1f2e',
};

const POSTGRES = 'postgres://cofre';
const PLACE = '127.0.0.1:1/shop?sslmode=disable';
const CONFIG = {
  databases: {
    shop: { url: 'sqlite:./shop.sqlite3' },
    // Of these no request makes another backup, so that the newest, which no prune removes, is there to be found.
    archive: { url: 'sqlite:./shop.sqlite3' },
    spare: { url: 'sqlite:./shop.sqlite3' },
    environment: { url: `${POSTGRES}:\${env:PG_PASSWORD}@${PLACE}` },
    secret: { url: `${POSTGRES}:\${secret:prod/shop}@${PLACE}` },
    field: { url: `${POSTGRES}:\${secret:prod/json#password}@${PLACE}` },
    missing: { url: `${POSTGRES}:\${secret:prod/nothing}@${PLACE}` },
    url: { url: '${env:WHOLE_URL}' },
    unencoded: { url: '${env:UNENCODED_URL}' },
  },
  mail: { transport: 'ses:', from: 'cofre@example.com', recipients: ['ana@example.com'] },
};
const ENV = {
  PG_PASSWORD: CANARIES['environment']!,
  WHOLE_URL: `${POSTGRES}:${CANARIES['url']}@${PLACE}`,
  UNENCODED_URL: `${POSTGRES}:${CANARIES['unencoded']}@${PLACE}`,
  SMTP_PASSWORD: CANARIES['mailbox']!,
};
/** With more, a longer look: FUZZ_EXAMPLES=1000 FUZZ_SEED=7. */
const EXAMPLES = Number(process.env['FUZZ_EXAMPLES'] ?? 40);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261123);

let server: AwsServer;
let scene: Scene;
let result: FuzzResult;
beforeAll(async () => {
  server = await startMiniStack();
  CANARIES['aws'] = server.credentials.secretAccessKey;
  await prepare();
  scene = await openScene({
    config: CONFIG,
    env: { ...ENV, ...awsEnvironment() },
    store: 's3://cofre/backups',
  });
  const { ids, job } = await occupy();
  const token = scene.issuer.token('maria@example.com', { exp: Math.floor(Date.now() / 1_000) + 3_600 });
  const url = new URL('api', scene.gateway.url).href;
  const target = { description: fitted(ids, job), url, token, folder: scene.desk.folder };
  result = await fuzz({ ...target, examples: EXAMPLES, seed: SEED });
  await scene.settled();
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await server?.stop();
});

function awsEnvironment() {
  const { endpoint, region, credentials } = server;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

async function prepare(): Promise<void> {
  const { endpoint, region, credentials } = server;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'cofre' }));
  // Secrets are read with what the process has, as in Lambda.
  Object.assign(process.env, awsEnvironment());
  const secrets = new SecretsManagerClient();
  const json = JSON.stringify({ password: CANARIES['field'] });
  await secrets.send(new CreateSecretCommand({ Name: 'prod/shop', SecretString: CANARIES['secret'] }));
  await secrets.send(new CreateSecretCommand({ Name: 'prod/json', SecretString: json }));
  await new SESClient().send(new VerifyEmailIdentityCommand({ EmailAddress: CONFIG.mail.from }));
}

/** Each database backed up once, by mail, so that every kind of failure has been told in every way. */
async function occupy() {
  const ids: Record<string, string> = {};
  for (const database of Object.keys(CONFIG.databases)) {
    await call('POST', 'backups', { database, email: true });
    await scene.settled();
    const [job] = await scene.cofre.journal.list({ database, limit: 1 });
    if (job!.status === 'succeeded') ids[database] = (job!.result as { id: string }).id;
    else expect(job!.error!.code).not.toBe('INTERNAL');
  }
  expect(Object.keys(ids)).toEqual(['shop', 'archive', 'spare']);
  return { ids, job: (await scene.cofre.journal.list({ limit: 1 }))[0]!.id };
}

async function call(method: string, path: string, json?: object): Promise<Response> {
  const authorization = `Bearer ${scene.issuer.token('maria@example.com')}`;
  const body = json ? { body: JSON.stringify(json) } : {};
  const headers = { authorization, 'content-type': 'application/json' };
  return await fetch(new URL(`api/${path}`, scene.gateway.url), { method, headers, ...body });
}

/** The description with what there is to be found, so that requests get past "no such backup". */
function fitted(ids: Readonly<Record<string, string>>, job: string): object {
  const copy = structuredClone(description);
  const visit = (node: Record<string, unknown>): void => {
    if (String(node['pattern'] ?? '').includes('-[0-9]{8}-[0-9]{6}')) node['enum'] = [ids['archive']];
    if (String(node['pattern'] ?? '').includes('T[0-9]{6}')) node['enum'] = [job];
    for (const value of Object.values(node)) if (value && typeof value === 'object') visit(value as never);
  };
  visit(copy.paths);
  const names = Object.keys(CONFIG.databases).filter((name) => !['archive', 'spare'].includes(name));
  fieldsOf(copy, '/backups').database.enum = names;
  for (const field of ['database', 'confirm']) fieldsOf(copy, '/restores')[field].enum = ['shop'];
  const own = { name: 'id', in: 'path', required: true, schema: { type: 'string', enum: [ids['spare']] } };
  copy.paths['/backups/{id}'].delete.parameters.push(own);
  return copy;
}

function fieldsOf(document: typeof description, path: string) {
  return document.paths[path].post.requestBody.content['application/json'].schema.properties;
}

const statuses = (exchanges: readonly Exchange[]) => exchanges.map(({ response }) => response.status);

describe('requests made from the OpenAPI file', () => {
  it('are answered as it says', () => {
    expect(result.ok ? '' : result.report.slice(-20_000)).toBe('');
    expect(result.report).toContain('Operations:       15 selected / 15 total');
  });

  it('are many, and reach every operation', () => {
    const all = statuses(result.exchanges);
    const count = (from: number, to: number) => all.filter((it) => it >= from && it < to).length;
    const told = { done: count(200, 400), refused: count(400, 500), failed: count(500, 600) };
    console.log(`${all.length} requests:`, told);
    expect(all.length).toBeGreaterThan(700);
    expect(count(200, 400)).toBeGreaterThan(150);
    const done = result.exchanges.filter(({ response }) => response.status < 400);
    expect([...new Set(done.map(operationIn))].toSorted()).toEqual(operationIds().toSorted());
  });

  it('never fail on our side', () => {
    expect(result.exchanges.filter(({ response }) => response.status >= 500)).toEqual([]);
    expect(scene.log()).not.toMatch(/The API failed|INTERNAL/);
  });
});

function operationIn({ request: { method, url } }: Exchange): string | undefined {
  const { pathname } = new URL(url);
  return operationOf({ method, path: pathname.replace('/prod', '') })?.operationId;
}

describe('no canary', () => {
  it('is in any answer', () => {
    expect(leaksIn(JSON.stringify(result.exchanges.map(({ response }) => response)), CANARIES)).toEqual([]);
  });

  it('is in any log', () => {
    expect(scene.log().split('\n').length).toBeGreaterThan(50);
    expect(leaksIn(scene.log(), CANARIES)).toEqual([]);
  });

  it('is in any record of a job, or anything else that is stored', async () => {
    const { store, journal } = scene.cofre;
    const jobs = await journal.list({ limit: 1_000 });
    const codes = new Set(jobs.flatMap(({ error }) => error?.code ?? []));
    // The failures that know a secret have happened.
    for (const code of ['SOURCE_FAILED', 'SECRET_UNAVAILABLE']) expect([...codes]).toContain(code);
    let objects = 0;
    for await (const { key } of store.list('')) {
      const { body } = await store.get(key);
      expect([key, leaksIn(Buffer.from(body).toString('latin1'), CANARIES)]).toEqual([key, []]);
      objects += 1;
    }
    expect(objects).toBeGreaterThan(20);
  });

  it('is in any mail', async () => {
    const sent = await (await fetch(`${server.endpoint}/_ministack/ses/messages`)).text();
    const { messages } = JSON.parse(sent) as { messages: Record<string, object[]> };
    expect(Object.values(messages).flat().length).toBeGreaterThan(5);
    expect(sent).toContain('environment');
    expect(leaksIn(sent, CANARIES)).toEqual([]);
  });

  it('would be overlooked: each form of a secret is found', () => {
    for (const [name, secret] of Object.entries(CANARIES)) {
      for (const text of [secret, encodeURIComponent(secret), JSON.stringify({ secret }), btoaOf(secret)])
        expect([name, leaksIn(`… ${text} …`, CANARIES)]).toEqual([name, [name]]);
    }
  });
});

const btoaOf = (text: string) => Buffer.from(text).toString('base64');
