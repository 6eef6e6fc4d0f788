import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../functions/authorizer.ts';
import { metadataOf } from '../../functions/sign-in/metadata.ts';
import { tokenVerifier } from '../../functions/sign-in/verifier.ts';
import { jsonLogger } from '../../lib/logger.ts';
import { type OidcSettings, oidcSettings } from '../../lib/sign-in.ts';
import { newKey, signToken } from './keys.ts';

/** An issuer that answers as it is told to. */
let answer: RequestListener;
let settings: OidcSettings;
const key = newKey('a');
const server = createServer((request, response) => answer(request, response));

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  settings = oidcSettings.parse({ issuer, clientId: 'page', audience: 'cofre' });
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const json = (value: unknown, status = 200): RequestListener => {
  return (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
const metadata = (change: object = {}) => ({
  issuer: settings.issuer,
  authorization_endpoint: `${settings.issuer}/authorize`,
  token_endpoint: `${settings.issuer}/token`,
  jwks_uri: `${settings.issuer}/keys`,
  ...change,
});
const token = (signer = key) => {
  const exp = Math.floor(Date.now() / 1_000) + 60;
  return signToken({ iss: settings.issuer, aud: 'cofre', sub: 'ana', groups: ['viewer'], exp }, signer);
};

function open() {
  const log: string[] = [];
  const logger = jsonLogger((line) => void log.push(line));
  const authorizer = createAuthorizer(tokenVerifier(settings, metadataOf(settings)), logger);
  const ask = (bearer: string) =>
    authorizer({
      type: 'TOKEN',
      authorizationToken: `Bearer ${bearer}`,
      methodArn: 'arn:aws:execute-api:eu-west-1:1:api/prod/GET/api/jobs',
    });
  return { ask, log };
}

/** Serves metadata, and `keys` as the keys. */
const whole =
  (keys: RequestListener, told: object = metadata()): RequestListener =>
  (request, response) =>
    (request.url === '/keys' ? keys : json(told))(request, response);

describe('whose fault it is', () => {
  it.each<[string, () => RequestListener]>([
    ['an issuer that is down', () => json({}, 503)],
    ['metadata of another issuer', () => json(metadata({ issuer: 'https://evil.example' }))],
    ['metadata without an end point', () => json(metadata({ jwks_uri: undefined }))],
    ['metadata that is no JSON', () => (_, response) => response.end('<html>')],
    ['metadata somewhere else', () => (_, response) => response.writeHead(302, { location: '/x' }).end()],
    ['keys that are down', () => whole(json({}, 500))],
    ['keys that are none', () => whole(json({ keys: 'none' }))],
  ])("%s is not the caller's: no 401, which would sign everybody out", async (_, how) => {
    answer = how();
    const { ask, log } = open();
    const error: Error = await ask(token()).then(
      () => expect.unreachable(),
      (it) => it,
    );
    expect(error.message).not.toBe('Unauthorized');
    expect(log.join('')).toContain('A token could not be checked.');
    // Nothing of the failure is kept.
    answer = whole(json({ keys: [key.jwk] }));
    expect(await ask(token())).toMatchObject({ principalId: 'ana' });
  });

  it("a key that the issuer has not is the caller's, and the issuer is not asked again and again", async () => {
    let asked = 0;
    answer = whole((request, response) => {
      asked += 1;
      json({ keys: [key.jwk] })(request, response);
    });
    const { ask, log } = open();
    for (let i = 0; i < 20; i += 1)
      await expect(ask(token(newKey(`unknown-${i % 2}`)))).rejects.toThrow(/^Unauthorized$/);
    expect(asked).toBeLessThanOrEqual(2);
    expect(log.join('')).not.toContain('could not be checked');
    expect(await ask(token())).toMatchObject({ principalId: 'ana' });
  });

  it('a new key of the issuer is found without a restart', async () => {
    const next = newKey('b');
    let keys = [key.jwk];
    answer = whole((request, response) => json({ keys })(request, response));
    const { ask } = open();
    expect(await ask(token())).toMatchObject({ principalId: 'ana' });
    keys = [key.jwk, next.jwk];
    expect(await ask(token(next))).toMatchObject({ principalId: 'ana' });
  });
});

it.each(['', 'Basic YTpi', 'Bearer', 'Bearer  ', 'bearer x y'])(
  '"%s" is no bearer of a token',
  async (header) => {
    answer = whole(json({ keys: [key.jwk] }));
    const authorizer = createAuthorizer(
      tokenVerifier(settings, metadataOf(settings)),
      jsonLogger(() => {}),
    );
    const asked = authorizer({ type: 'TOKEN', authorizationToken: header, methodArn: 'a/b/c' });
    await expect(asked).rejects.toThrow(/^Unauthorized$/);
  },
);
