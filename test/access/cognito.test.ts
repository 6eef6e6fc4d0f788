import { afterAll, beforeAll, expect, it } from 'vitest';
import { metadataOf } from '../../functions/sign-in/metadata.ts';
import { tokenVerifier, type VerifyToken } from '../../functions/sign-in/verifier.ts';
import type { CognitoSettings } from '../../lib/sign-in.ts';
import type { AwsServer } from '../servers/aws-server.ts';
import { startMiniStack } from '../servers/ministack.ts';
import { makeClient, makePool, makeUser, tokensOf } from './cognito.ts';
import { tamper } from './keys.ts';

let server: AwsServer;
let settings: CognitoSettings;
let verify: VerifyToken;
beforeAll(async () => {
  server = await startMiniStack();
  const { userPoolId, clientId } = await makePool(server);
  const metadataUrl = `${server.endpoint}/${userPoolId}/.well-known/openid-configuration`;
  settings = { userPoolId, clientId, metadataUrl };
  verify = tokenVerifier(settings, metadataOf(settings));
  await makeUser(server, userPoolId, 'maria@example.com', ['admin', 'viewer']);
  await makeUser(server, userPoolId, 'joao@example.com', ['viewer']);
  await makeUser(server, userPoolId, 'rui@example.com', []);
});
afterAll(() => server?.stop());

const REFUSED = { code: 'SIGNED_OUT' };

it.each([
  ['maria@example.com', 'admin'],
  ['joao@example.com', 'viewer'],
  ['rui@example.com', undefined],
])('%s is known by name, with the role %s', async (name, role) => {
  const { access } = await tokensOf(server, settings.clientId, name);
  expect(await verify(access)).toEqual({ name, role });
});

it('takes no ID token: it tells who somebody is, not what they may do', async () => {
  const { id } = await tokensOf(server, settings.clientId, 'maria@example.com');
  await expect(verify(id)).rejects.toMatchObject(REFUSED);
});

it('takes no token that was given to another client of the pool', async () => {
  const other = await makeClient(server, settings.userPoolId);
  const { access } = await tokensOf(server, other, 'maria@example.com');
  await expect(verify(access)).rejects.toMatchObject(REFUSED);
});

it('takes no token of another pool', async () => {
  const other = await makePool(server);
  await makeUser(server, other.userPoolId, 'maria@example.com', ['admin']);
  const { access } = await tokensOf(server, other.clientId, 'maria@example.com');
  await expect(verify(access)).rejects.toMatchObject(REFUSED);
});

it('takes no token that was changed', async () => {
  const { access } = await tokensOf(server, settings.clientId, 'joao@example.com');
  const changed = tamper(access, { 'cognito:groups': ['admin'] });
  await expect(verify(changed)).rejects.toMatchObject(REFUSED);
});
