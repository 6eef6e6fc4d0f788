import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationIds } from '../api/description.ts';
import { backUpDaysAgo } from '../cli/seed.ts';
import { AUDIENCE } from './issuer.ts';
import { macToken, newKey, signToken, tamper, unsignedToken } from './keys.ts';
import {
  type Ask,
  expectAllowed,
  expectRefused,
  FOR_ADMINS,
  FOR_VIEWERS,
  type Ids,
  MATRIX,
} from './matrix.ts';
import { openScene, type Scene } from './scene.ts';

const ADMIN = 'maria@example.com';
const VIEWER = 'joao@example.com';

let scene: Scene;
let ids: Ids;
let before: unknown;
beforeAll(async () => {
  scene = await openScene();
  const [{ id: older }, { id: backup }] = [
    await backUpDaysAgo(scene.desk.folder, 2),
    await backUpDaysAgo(scene.desk.folder, 1),
  ];
  const [job] = await scene.cofre.journal.list({ limit: 1 });
  ids = { database: 'shop', older, backup, job: job!.id };
  before = await state();
});
afterAll(() => scene[Symbol.asyncDispose]());

const ask: Ask = async (method, path, token, body) => {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const json = body ? { body: JSON.stringify(body) } : {};
  const url = new URL(`api/${path}`, scene.gateway.url);
  const answer = await fetch(url, { method, headers, redirect: 'manual', ...json });
  return { status: answer.status, text: await answer.text() };
};

async function state() {
  const { backups } = await scene.cofre.catalog.scan();
  const jobs = await scene.cofre.journal.list({ limit: 100 });
  return { backups: backups.map(({ id }) => id), jobs: jobs.map(({ id }) => id) };
}

const claims = (change: object = {}) => ({
  iss: scene.issuer.settings.issuer,
  aud: AUDIENCE,
  sub: ADMIN,
  groups: ['admin'],
  exp: Math.floor(Date.now() / 1_000) + 600,
  ...change,
});
const now = () => Math.floor(Date.now() / 1_000);

it('has every operation of the description', () => {
  expect(MATRIX.map(({ operation }) => operation).toSorted()).toEqual(operationIds().toSorted());
});

describe('401 on every route', () => {
  it.each<[string, () => string | undefined]>([
    ['no token', () => undefined],
    ['something that is no token', () => 'secret'],
    ['three parts of nothing', () => 'e30.e30.e30'],
    ['a viewer who says to be an admin', () => tamper(scene.issuer.token(VIEWER), { groups: ['admin'] })],
    ['a signature of another token', () => `${scene.issuer.token(ADMIN).slice(0, -8)}AAAAAAAA`],
    ["another key under the issuer's name", () => signToken(claims(), newKey('issuer-key'))],
    ['a key that the issuer has not', () => signToken(claims(), newKey('unknown'))],
    ['no signature', () => unsignedToken(claims(), 'issuer-key')],
    ['the public key taken for a secret', () => macToken(claims(), scene.issuer.key)],
    ['another audience', () => scene.issuer.token(ADMIN, { aud: 'https://other.example' })],
    ['an ID token', () => scene.issuer.token(ADMIN, { aud: scene.issuer.settings.clientId })],
    ['no audience', () => scene.issuer.token(ADMIN, { aud: undefined })],
    ['another issuer', () => scene.issuer.token(ADMIN, { iss: 'https://evil.example' })],
    ['an expired token', () => scene.issuer.token(ADMIN, { exp: now() - 1 })],
    ['a token without an end', () => scene.issuer.token(ADMIN, { exp: undefined })],
    ['a token that is not yet good', () => scene.issuer.token(ADMIN, { nbf: now() + 60 })],
    ['a token of nobody', () => scene.issuer.token(ADMIN, { sub: undefined, preferred_username: undefined })],
  ])('%s', async (_, token) => {
    await expectRefused(ask, ids, token(), 401);
  });
});

describe('403', () => {
  it('on every route for somebody without a role', async () => {
    await expectRefused(ask, ids, scene.issuer.token('rui@example.com'), 403);
  });

  it('for a viewer on all that acts or downloads', async () => {
    await expectRefused(ask, ids, scene.issuer.token(VIEWER), 403, FOR_ADMINS);
  });

  it('for a viewer whatever the request looks like', async () => {
    const token = scene.issuer.token(VIEWER);
    const odd: [string, string][] = [
      ['DELETE', 'backups/..%2F..%2Fx'],
      ['POST', 'backups?x=1'],
      ['POST', 'nothing'],
      ['PUT', 'backups'],
      ['GET', `backups/${ids.backup}/download-url/`],
      ['GET', `backups/${ids.backup}%2Fdownload-url`],
      ['GET', `backups//${ids.backup}/download-url`],
    ];
    for (const [method, path] of odd) {
      const { status } = await ask(method, path, token, method === 'POST' ? { database: 'shop' } : undefined);
      expect([method, path, [400, 403, 404, 405].includes(status)]).toEqual([method, path, true]);
    }
  });

  it("for a page of another origin, even with an admin's token", async () => {
    const url = new URL('api/databases', scene.gateway.url);
    const authorization = `Bearer ${scene.issuer.token(ADMIN)}`;
    for (const origin of ['https://evil.example', 'null', `${url.origin}.evil.example`]) {
      const answer = await fetch(url, { headers: { authorization, origin } });
      expect([origin, answer.status]).toEqual([origin, 403]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await fetch(url, { headers: { authorization, origin: url.origin } })).status).toBe(200);
  });
});

it('nothing of all that was refused has changed anything', async () => {
  expect(await state()).toEqual(before);
});

describe('2xx', () => {
  it('for a viewer on all that shows', async () => {
    await expectAllowed(ask, ids, scene.issuer.token(VIEWER), FOR_VIEWERS, scene.settled);
  });

  it('for an admin on everything', async () => {
    await expectAllowed(ask, ids, scene.issuer.token(ADMIN), MATRIX, scene.settled);
  });

  it('and every job says who asked', async () => {
    const jobs = await scene.cofre.journal.list({ limit: 100 });
    const made = jobs.filter(({ id }) => !(before as { jobs: string[] }).jobs.includes(id));
    expect(made.map(({ kind, actor }) => [kind, actor]).toSorted()).toEqual([
      ['backup', `user:${ADMIN}`],
      ['restore', `user:${ADMIN}`],
      ['restore-test', `user:${ADMIN}`],
      ['verify', `user:${ADMIN}`],
    ]);
  });

  it('tells the caller who they are', async () => {
    const me = async (name: string) => JSON.parse((await ask('GET', 'me', scene.issuer.token(name))).text);
    expect(await me(ADMIN)).toEqual({ name: ADMIN, role: 'admin' });
    expect(await me(VIEWER)).toEqual({ name: VIEWER, role: 'viewer' });
  });

  it('says where to follow a job, below the stage', async () => {
    const url = new URL('api/backups', scene.gateway.url);
    const headers = {
      authorization: `Bearer ${scene.issuer.token(ADMIN)}`,
      'content-type': 'application/json',
    };
    const answer = await fetch(url, { method: 'POST', headers, body: '{"database":"shop"}' });
    expect(answer.headers.get('location')).toMatch(/^\/prod\/api\/jobs\//);
    expect((await fetch(new URL(answer.headers.get('location')!, url), { headers })).status).toBe(200);
  });
});

it('has logged no token', () => {
  expect(scene.log()).not.toMatch(/ey[A-Za-z0-9_-]{20,}\./);
  expect(scene.log()).toContain('A token was refused.');
});
