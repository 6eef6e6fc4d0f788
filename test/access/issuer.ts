import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import type { OidcSettings } from '../../lib/sign-in.ts';
import { oidcSettings } from '../../lib/sign-in.ts';
import { newKey, type SigningKey, signToken } from './keys.ts';

export const AUDIENCE = 'https://cofre.example';
const CLIENT = 'cofre-page';

/** The people whom the issuer knows, by what they type as their name. Any password will do. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'maria@example.com': ['admin', 'staff'],
  'joao@example.com': ['viewer'],
  'rui@example.com': ['staff'],
};

/** A real issuer of OpenID Connect on this machine, and the key it signs with. */
export interface Issuer extends AsyncDisposable {
  readonly settings: OidcSettings;
  readonly key: SigningKey;
  /** An access token as the issuer itself would make it, but for what `change` says. */
  token(name: string, change?: object): string;
}

/** `page`: the address that people are sent back to. `lifetime` of access tokens, s. */
export async function startIssuer(page: string, lifetime = 3_600): Promise<Issuer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = newKey('issuer-key');
  server.on('request', new Provider(url, configuration(page, key, lifetime)).callback());
  return {
    key,
    settings: oidcSettings.parse({
      issuer: url,
      clientId: CLIENT,
      audience: AUDIENCE,
      scope: 'openid',
      authorizeParameters: { resource: AUDIENCE },
    }),
    token: (name, change = {}) => signToken({ ...claimsOf(url, name), ...change }, key),
    [Symbol.asyncDispose]: () => stop(server),
  };
}

function claimsOf(iss: string, name: string): object {
  const now = Math.floor(Date.now() / 1_000);
  const client = { client_id: CLIENT, sub: name, preferred_username: name };
  return { iss, aud: AUDIENCE, ...client, groups: GROUPS[name] ?? [], iat: now, exp: now + 600 };
}

function configuration(page: string, { privateKey, kid }: SigningKey, lifetime: number): object {
  return {
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [page],
        post_logout_redirect_uris: [page],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['only for tests'] },
    ttl: Object.fromEntries(
      ['Interaction', 'Session', 'Grant', 'RefreshToken', 'IdToken'].map((name) => [name, 3_600]),
    ),
    clientBasedCORS: () => true,
    issueRefreshToken: async () => true,
    findAccount: async (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: async (_: unknown, { accountId }: { accountId: string }) => ({
      preferred_username: accountId,
      groups: GROUPS[accountId] ?? [],
    }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetime,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

async function stop(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
}
