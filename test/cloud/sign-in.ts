import { createHash, randomBytes } from 'node:crypto';
import { PASSWORD } from '../access/cognito.ts';

interface Client {
  /** Where the sign-in pages are. */
  readonly endpoint: string;
  readonly clientId: string;
  /** Of the admin page. */
  readonly page: string;
}

/** Signs in as a browser does: the pool's own page, then code and PKCE (RFC 7636). Gives the access token. */
export async function signInByCode({ endpoint, clientId, page }: Client, username: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: page,
    scope: 'openid',
    state: randomBytes(8).toString('hex'),
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const form = await (await fetch(`${endpoint}/oauth2/authorize?${query}`)).text();
  const body = new URLSearchParams([...hiddenFields(form), ['username', username], ['password', PASSWORD]]);
  const { headers } = await fetch(`${endpoint}/login`, { method: 'POST', body, redirect: 'manual' });
  const code = new URL(headers.get('location') ?? '').searchParams.get('code');
  return await exchange(endpoint, {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: page,
    code: code ?? '',
    code_verifier: verifier,
  });
}

function hiddenFields(html: string): [string, string][] {
  const fields = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return [...fields].map(([, name, value]) => [name!, value!.replaceAll('&amp;', '&')]);
}

async function exchange(endpoint: string, grant: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(grant);
  const response = await fetch(`${endpoint}/oauth2/token`, { method: 'POST', body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`No token: ${response.status} ${answer}`);
  return (JSON.parse(answer) as { access_token: string }).access_token;
}
