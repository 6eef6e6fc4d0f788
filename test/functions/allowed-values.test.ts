import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApiHandler } from '../../functions/api.ts';
import { ENV } from '../../functions/environment.ts';
import { invokeLambda, type LambdaSender } from '../../functions/invoke-lambda.ts';
import description from '../../functions/openapi.json' with { type: 'json' };
import { makeSampleDatabase } from '../../infra/local/sample.ts';
import { type Cofre, openCofre } from '../../lib/cofre.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLogger } from '../../lib/logger.ts';
import { startMysql } from '../servers/mysql/server.ts';
import { startPostgres } from '../servers/postgres/server.ts';

// Whatever the API allows, the function behind it has to take, and the engine too: each value of each field is asked for
// over the API handler, goes as JSON through Lambda's invocation to the deployed handler, and its job has to succeed.
// What an engine cannot do the API refuses before there is a job, and only that: REFUSED is all of it.

const opened = new AsyncDisposableStack();
let cofre: Cofre;
const ids = new Map<string, string>();
const TABLES: Readonly<Record<string, string>> = { postgres: 'public.a', mysql: 'a', sqlite: 'users' };

/** Table names differ, columns do not; enough for a restore in every way. */
const ROWS =
  "CREATE TABLE a (id int PRIMARY KEY, s varchar(20)); INSERT INTO a VALUES (1, 'one'), (2, 'two');";

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cofre-allowed-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const [postgres, mysql] = await Promise.all([startPostgres(18), startMysql('mysql')]);
  opened.defer(() => postgres.stop());
  opened.defer(() => mysql.stop());
  const urls = { postgres: await postgres.createDatabase('shop'), mysql: await mysql.createDatabase('shop') };
  await postgres.sql('shop', ROWS);
  await mysql.sql('shop', ROWS);
  makeSampleDatabase(join(folder, 'desk.sqlite3'), { users: 3, tickets: 3, commentsPerTicket: 1 });
  const databases = {
    postgres: { url: urls.postgres },
    mysql: { url: urls.mysql },
    sqlite: { url: 'sqlite:./desk.sqlite3' },
  };
  const mail = { transport: 'outbox:./outbox', from: 'cofre@example.com', recipients: ['admin@example.com'] };
  const file = join(folder, 'cofre.json');
  await writeFile(file, JSON.stringify({ databases, mail }));
  vi.stubEnv(ENV.configFile, file);
  vi.stubEnv(ENV.store, join(folder, 'backups'));
  vi.stubEnv(ENV.stack, 'cofre');
  const options = { config: loadConfig(file, folder), env: process.env, logger: silentLogger };
  cofre = openCofre({ ...options, store: join(folder, 'backups') });
  for (const database of Object.keys(databases))
    ids.set(database, (await settled('startBackup', { database })).id);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await opened.disposeAsync();
});

const REST = { getRemainingTimeInMillis: () => 900_000 };

/** Lambda, in this process: what is sent is JSON, and the handlers are those that are deployed. */
const lambda: LambdaSender = {
  send: (async ({ input }: InvokeCommand) => {
    const name = input.FunctionName?.replace('cofre-', '');
    const { handler } = await import(`../../functions/lambda/${name}.ts`);
    const answer = await handler(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()), REST);
    return { Payload: Buffer.from(JSON.stringify(answer ?? null)) };
  }) as LambdaSender['send'],
};

const BODIES = bodies();

// biome-ignore lint/suspicious/noExplicitAny: schemas of the document are walked freely
type Schema = any;

function bodies(): Record<string, { method: string; path: string; schema: Schema }> {
  const all = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Schema>).flatMap(([method, operation]) => {
      const schema = operation.requestBody?.content['application/json'].schema;
      return schema ? [[operation.operationId, { method, path, schema }] as const] : [];
    }),
  );
  return Object.fromEntries(all);
}

async function ask(operation: string, body: object) {
  const { method, path } = BODIES[operation]!;
  const api = createApiHandler({
    cofre,
    invoke: invokeLambda(lambda, (name) => `cofre-${name}`),
    identify: () => ({ name: 'x'.repeat(2_000), role: 'admin', actor: `user:${'x'.repeat(2_000)}` }),
    anchor: null,
  });
  const event = {
    httpMethod: method.toUpperCase(),
    path: `/api${path.replace('{id}', ids.get('sqlite') ?? '')}`,
    headers: { 'content-type': 'application/json' },
    queryStringParameters: null,
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
  const { statusCode, body: answer } = await api(event as never);
  return { status: statusCode, json: JSON.parse(answer) };
}

/** The result of the job that `body` starts, or of what answers at once; fails when the job does. */
async function settled(operation: string, body: object) {
  const { status, json } = await ask(operation, body);
  expect(status, JSON.stringify({ body, json })).toBeLessThan(300);
  if (!json.job) return json;
  // Handlers have ended when the invocation returns, as this Lambda is none that queues.
  const job = await cofre.journal.get(json.job.id);
  expect([job.status, job.error], JSON.stringify(body)).toEqual(['succeeded', null]);
  return job.result;
}

/** Values that the schema of a field allows: all that are listed, else the least and the greatest. */
function allowed(field: string, schema: Schema, database: string): unknown[] {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  if (schema.type === 'boolean') return [true, false];
  if (schema.type === 'integer') return [schema.minimum, schema.maximum];
  if (field === 'tables') return [[TABLES[database]]];
  if (field === 'recipients')
    return [['a@example.com'], Array(schema.maxItems).fill(`${'x'.repeat(64)}@example.com`)];
  if (field === 'backup') return [ids.get(database)];
  return [database];
}

/** Each value once, in an otherwise plain request. */
function requests(
  operation: string,
  plain: Readonly<Record<string, unknown>>,
  database: string,
): Record<string, unknown>[] {
  const { properties, oneOf = [] } = BODIES[operation]!.schema;
  const choices: string[] = oneOf.flatMap(({ required }: Schema) => required);
  return Object.entries(properties as Record<string, Schema>).flatMap(([field, schema]) =>
    allowed(field, schema, database).map((value) => {
      const rest = choices.includes(field)
        ? Object.entries(plain).filter(([name]) => !choices.includes(name))
        : Object.entries(plain);
      return { ...Object.fromEntries(rest), ...MORE[`${operation}.${field}`], [field]: value };
    }),
  );
}

/** What a field means nothing without. */
const MORE: Readonly<Record<string, object>> = {
  'startBackup.recipients': { email: true },
  'startRestore.tables': { replace: true },
  'startRestore.replace': { tables: ['TABLE'] },
};

/** What each engine cannot do; an undo needs a swap that came before. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  postgres: ['mode=in-place', 'jobs=1', 'jobs=64'],
  mysql: ['undo=true'],
  sqlite: [
    ...['mode=swap', 'mode=in-place', 'jobs=1', 'jobs=64', 'noOwner=true', 'noPrivileges=true'],
    ...['terminateConnections=true', 'tables=["users"]', 'replace=true', 'replace=false', 'undo=true'],
  ],
};

describe.each(Object.keys(TABLES))('%s', (database) => {
  test('each value that a restore may have is taken by the function and the engine, or refused before there is a job', async () => {
    const plain = { database, confirm: database, latest: true };
    const all = requests('startRestore', plain, database).map((body) =>
      JSON.parse(JSON.stringify(body).replace('TABLE', String(TABLES[database]))),
    );
    // An undo puts back what a swap has replaced, so it comes after one.
    all.sort((a, b) => Number('undo' in a) - Number('undo' in b));
    const refused: string[] = [];
    for (const body of all) {
      const before = (await cofre.journal.list({ limit: 1_000 })).length;
      const { status, json } = await ask('startRestore', body);
      if (status === 400) {
        expect(json.code, JSON.stringify(json)).toBe('USAGE');
        expect(await cofre.journal.list({ limit: 1_000 })).toHaveLength(before);
        refused.push(nameOf(body, plain));
      } else {
        const job = await cofre.journal.get(json.job.id);
        expect([job.status, job.error], JSON.stringify(body)).toEqual(['succeeded', null]);
      }
    }
    expect(refused.toSorted()).toEqual(REFUSED[database]?.toSorted());
  });

  test('each value that a backup may have is taken by the function and the engine', async () => {
    for (const body of requests('startBackup', { database }, database)) await settled('startBackup', body);
  });

  test('each value that a pruning may have is taken by the function', async () => {
    for (const body of requests('prune', { database, days: 1, dryRun: true }, database))
      await settled('prune', body);
  });
});

/** The field that this request is about: the one that the plain one has not. */
function nameOf(body: Record<string, unknown>, plain: object): string {
  const own = Object.entries(body).filter(([name]) => !(name in plain));
  const [name, value] = own.at(-1) ?? [];
  return `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`;
}

test('a restore test is refused in a stack, in words', async () => {
  const { status, json } = await ask('startRestoreTest', {});
  expect([status, json.code]).toEqual([400, 'USAGE']);
  expect(json.hint).toContain('cofre restore-test');
});

test('an event that a function does not take ends its queued job with the reason', async () => {
  const job = await cofre.journal.create({
    kind: 'restore',
    database: 'sqlite',
    trigger: 'manual',
    actor: 'me',
  });
  const { handler } = await import('../../functions/lambda/restore.ts');
  const event = { database: 'sqlite', backup: ids.get('sqlite'), mode: 'sideways', job: job.id };
  expect(await handler(event, REST)).toMatchObject({ status: 'failed' });
  expect(await cofre.journal.get(job.id)).toMatchObject({
    status: 'failed',
    error: { code: 'USAGE', message: expect.stringContaining('mode') },
  });
});

test('every operation with a body is looked at here', () => {
  expect(Object.keys(BODIES).toSorted()).toEqual([
    'prune',
    'startBackup',
    'startRestore',
    'startRestoreTest',
  ]);
});
