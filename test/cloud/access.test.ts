import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaksIn } from '../access/canaries.ts';
import { askAws, makeClient, makeUser, PASSWORD, tokensOf } from '../access/cognito.ts';
import { tamper } from '../access/keys.ts';
import {
  type Ask,
  expectAllowed,
  expectRefused,
  FOR_ADMINS,
  FOR_VIEWERS,
  type Ids,
  MATRIX,
} from '../access/matrix.ts';
import { TEXTS } from '../browser/visit.ts';
import { MAIN } from '../cli/cli.ts';
import { sentMails } from '../servers/mail.ts';
import { CHROMIUM_FLAGS, chromiumPath } from '../support/chromium.ts';
import { environmentOf } from './deploy.ts';
import { type Deployed, deployed, makeRunFolder } from './deployed.ts';
import { type Api, openApi } from './http.ts';
import type { Source } from './sources/source.ts';
import { sqliteSource } from './sources/sqlite.ts';
import { stepLog } from './steps.ts';
import { until } from './until.ts';

const SCREENSHOTS = resolve(import.meta.dirname, '../../.cache/screenshots');
const STACK = 'cofre';
const ADMIN = 'maria@example.com';
const VIEWER = 'joao@example.com';
/** In Secrets Manager, for a server that is not there: each way to fail could tell it. */
const CANARIES: Record<string, string> = { password: 'Canary/cloud:7+f e"ü' };

const steps = stepLog('Access to the deployed stack on MiniStack');
const opened = new AsyncDisposableStack();
let cloud: Deployed;
let source: Source;
let admin: Api;
let folder: string;

beforeAll(async () => {
  folder = opened.use(makeRunFolder()).path;
  source = await sqliteSource(folder);
  const gone = { engine: 'postgres', host: '127.0.0.1', port: 1, user: 'cofre', database: 'gone' };
  const databases = {
    gone: { ...gone, password: '${secret:canary/password}', email: true },
  };
  const secrets = { 'canary/password': CANARIES['password']! };
  cloud = opened.use(await deployed(folder, { sources: [{ ...source, secrets }], databases, steps }));
  admin = await steps.step('sign in', () => cloud.signIn(ADMIN, ['admin']));
  await cloud.signIn(VIEWER, ['viewer']);
  await makeUser(cloud.server, cloud.outputs['UserPoolId']!, 'rui@example.com', []);
});
afterAll(async () => {
  steps.print();
  await opened.disposeAsync();
});

const isOver = (jobs: { status: string }[]) =>
  jobs.every(({ status }) => status === 'succeeded' || status === 'failed');
const settled = async () =>
  void (await until('end of all jobs', async () => (await admin.get('jobs')).jobs, isOver, 60_000));

/** The gateway lets 20 requests a second through; the matrix asks faster. */
const ask: Ask = async (method, path, token, body) => {
  const once = () => openApi(cloud.outputs['ApiUrl']!, token).ask(method, path, body ? { body } : {});
  return await until('answer', once, ({ status }) => status !== 429, 30_000);
};

async function backUpTwice(): Promise<Ids> {
  const made: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    const { result, id } = await admin.run('backups', { database: source.name });
    made.push(result.id, id);
    await settled();
  }
  return { database: source.name, older: made[0]!, backup: made[2]!, job: made[3]! };
}

describe('the authorization matrix', () => {
  let ids: Ids;
  beforeAll(async () => {
    ids = await steps.step('two backups', backUpTwice);
  });

  test.each<[string, () => Promise<string | undefined>]>([
    ['no token', async () => undefined],
    ['no JWT', async () => 'secret'],
    [
      'a viewer who says to be an admin',
      async () => tamper(await cloud.token(VIEWER), { 'cognito:groups': ['admin'] }),
    ],
    ['a token of another client', () => tokenOfAnotherClient()],
    ['an ID token', async () => (await tokensOf(cloud.server, await passwordClient(), ADMIN)).id],
  ])('401 on every route: %s', async (what, token) => {
    await steps.step(`matrix: ${what}`, async () => expectRefused(ask, ids, await token(), 401));
  });

  test('403 on every route without a role, for a viewer on all that acts', async () => {
    await steps.step('matrix: no role', async () =>
      expectRefused(ask, ids, await cloud.token('rui@example.com'), 403),
    );
    await steps.step('matrix: viewer refused', async () =>
      expectRefused(ask, ids, await cloud.token(VIEWER), 403, FOR_ADMINS),
    );
  });

  test('2xx for a viewer on all that shows, for an admin on everything', async () => {
    await steps.step('matrix: viewer', async () =>
      expectAllowed(ask, ids, await cloud.token(VIEWER), FOR_VIEWERS, settled),
    );
    await steps.step('matrix: admin', async () =>
      expectAllowed(ask, ids, await cloud.token(ADMIN), MATRIX, settled),
    );
  });
});

const passwordClient = () => makeClient(cloud.server, cloud.outputs['UserPoolId']!);

async function tokenOfAnotherClient(): Promise<string> {
  return (await tokensOf(cloud.server, await passwordClient(), ADMIN)).access;
}

describe('the command line', () => {
  interface Ran {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  /** A process of its own, which knows nothing but the stack's name and how to reach AWS. */
  function cofre(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const options = { cwd: folder, env: { ...environmentOf(cloud.server), ...env } };
    return new Promise((done) =>
      execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code) : 0, stdout, stderr }),
      ),
    );
  }

  async function json(...args: string[]) {
    const { code, stdout, stderr } = await steps.step(`cofre --stack ${STACK} ${args[0]}`, () =>
      cofre(['--stack', STACK, ...args, '--json']),
    );
    expect({ code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stderr: '', stdout: '' });
    return JSON.parse(stdout);
  }

  test('backs up, lists, downloads, restores, prunes, with the rights of whoever calls', async () => {
    const before = await source.fingerprint();
    const made = await json('backup', '--database', source.name);
    expect(made).toMatchObject({ database: source.name, engine: 'sqlite' });
    expect((await json('list')).backups[0]).toMatchObject({ id: made.id, held: true });
    const { file } = await json('download', made.id);
    expect(readFileSync(file).subarray(0, 15).toString()).toBe('SQLite format 3');
    await source.damage();
    expect(await json('restore', made.id, '--yes')).toMatchObject({ id: made.id, rows: made.rows });
    expect(await source.fingerprint()).toBe(before);
    expect((await json('prune', '--keep-last', '1')).removed).toBeGreaterThan(0);
    const held = await cofre(['--stack', STACK, 'delete', made.id, '--json']);
    expect([held.code, JSON.parse(held.stdout).error.code]).toEqual([1, 'BACKUP_HELD']);
    const { jobs } = await json('jobs', '--limit', '2');
    expect(jobs[0].actor).toMatch(/^iam:arn:aws:iam::000000000000:/);
  });

  test('says what is wrong: no such stack, no right, a job that fails', async () => {
    const none = await cofre(['--stack', 'nothing', 'list']);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('no such thing: the stack nothing'),
    ]);
    const stranger = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wrong' };
    const unknown = await cofre(['--stack', STACK, 'list'], stranger);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('Sign in with the AWS CLI')]);
    const failed = await cofre(['--stack', STACK, 'backup', '--database', 'gone', '--json']);
    expect([failed.code, JSON.parse(failed.stdout).error.code]).toEqual([1, 'SOURCE_FAILED']);
  });
});

describe('the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const args = [...CHROMIUM_FLAGS, '--ignore-certificate-errors'];
    browser = await chromium.launch({ executablePath: chromiumPath(), args });
  });
  afterAll(() => browser?.close());

  test.each([
    ['en-US', 'light', { width: 1280, height: 900 }],
    ['pt-BR', 'dark', { width: 360, height: 740 }],
  ] as const)('signs in at the user pool, in %s', async (locale, colorScheme, viewport) => {
    const context = await browser.newContext({ locale, colorScheme, viewport, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    const t = TEXTS[locale];
    await steps.step(`page: sign in, ${locale}`, async () => {
      await page.goto(cloud.outputs['PageUrl']!);
      await page.getByRole('button', { name: t.signIn.submit }).click();
      await page.locator('input[name=username]').fill(ADMIN);
      await page.locator('input[name=password]').fill(PASSWORD);
      await page.locator('[type=submit]').click();
      await page.getByRole('heading', { level: 3 }).first().waitFor();
    });
    expect(page.url()).toBe(cloud.outputs['PageUrl']);
    await page.getByText(ADMIN).first().waitFor();
    await steps.step(`page: backup, ${locale}`, async () => {
      const card = page.getByRole('article', { name: source.name });
      await card.getByRole('button', { name: t.databases.create }).click();
      await page.getByRole('status').getByText(t.jobs.succeeded('backup', source.name)).waitFor();
    });
    const name = `deployed-${locale}-${colorScheme}-${viewport.width}.png`;
    await page.screenshot({ path: join(SCREENSHOTS, name), fullPage: true });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('no canary', () => {
  test('is in any log, job, answer or mail of a deployed function', async () => {
    const job = await admin.run('backups', { database: 'gone', email: true });
    expect(job).toMatchObject({ status: 'failed', error: { code: 'SOURCE_FAILED' } });
    const mails = await until(
      'mail of the failure',
      () => sentMails(cloud.server),
      (all) => all.some(({ subject }) => subject.includes('gone')),
      20_000,
    );
    const logs = await logsOf(['backup', 'api', 'notify', 'authorizer', 'prune', 'restore']);
    for (const name of ['backup', 'api']) expect(logs[name]!.length).toBeGreaterThan(100);
    const told = { jobs: (await admin.get('jobs?limit=200')).jobs, mails, logs };
    expect(leaksIn(JSON.stringify(told), CANARIES)).toEqual([]);
    expect(JSON.stringify(logs)).not.toMatch(/ey[A-Za-z0-9_-]{20,}\.ey/);
  });
});

async function logsOf(names: readonly string[]): Promise<Record<string, string>> {
  const { logGroups } = await logs('DescribeLogGroups', {});
  const found: Record<string, string> = {};
  for (const name of names) {
    const group = logGroups.find((it: { logGroupName: string }) =>
      it.logGroupName.endsWith(`${STACK}-${name}`),
    );
    if (!group) continue;
    const { events } = await logs('FilterLogEvents', { logGroupName: group.logGroupName, limit: 10_000 });
    found[name] = events.map(({ message }: { message: string }) => message).join('\n');
  }
  return found;
}

const logs = (action: string, body: object) =>
  askAws(cloud.server, ['logs', `Logs_20140328.${action}`], body);
