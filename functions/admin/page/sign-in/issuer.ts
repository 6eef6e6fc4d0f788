import { ApiError, type Fault, toFault } from '../fault.ts';
import { known } from '../known.ts';
import { here, settings } from './settings.ts';
import { current, keep, type Tokens } from './tokens.ts';

/** What is remembered while the reader is at the issuer's: the code verifier, the state, where they wanted to. */
const PENDING = 'cofre.sign-in';

/** Leaves for the issuer, to come back with a code: authorization code flow with PKCE (RFC 6749, 4.1; RFC 7636). */
export async function signIn(): Promise<void> {
  const { authorize, clientId, scope, parameters } = known(settings);
  const [verifier, state] = [random(), random()];
  sessionStorage.setItem(PENDING, JSON.stringify([verifier, state, location.hash]));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  leave(authorize, {
    ...parameters,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: here(),
    scope,
    state,
    code_challenge: base64Url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  });
}

/** To be called when the page opens: takes the code that the issuer sent the reader back with, if it did. */
export async function returned(): Promise<Fault | null> {
  const { code, state, error, error_description } = Object.fromEntries(new URLSearchParams(location.search));
  if (!settings || !(code || error)) return null;
  const [verifier, expected, hash] = JSON.parse(sessionStorage.getItem(PENDING) ?? '[]');
  sessionStorage.removeItem(PENDING);
  // A code works once: it must not stay in the address, for a reload or the history.
  history.replaceState(null, '', here() + (hash ?? ''));
  try {
    // A code that this tab did not ask for may be somebody else's (RFC 6749, 10.12).
    if (!code || state !== expected) throw failed(error_description ?? error ?? 'state');
    await exchange({ grant_type: 'authorization_code', code, redirect_uri: here(), code_verifier: verifier });
    return null;
  } catch (failure) {
    return toFault(failure);
  }
}

let renewing: Promise<void> | undefined;

/** A token that is good for now; `undefined` where there is no sign-in, or when it has ended. */
export async function accessToken(): Promise<string | undefined> {
  const tokens = current();
  if (tokens && tokens.until < Date.now()) {
    renewing ??= renew(tokens).finally(() => {
      renewing = undefined;
    });
    await renewing;
  }
  return current()?.access_token;
}

async function renew({ refresh_token }: Tokens): Promise<void> {
  if (!refresh_token) return keep(null);
  await exchange({ grant_type: 'refresh_token', refresh_token }).catch((error) => {
    // A network that is down for a moment ends no session.
    if (!(error instanceof ApiError)) throw error;
    keep(null);
  });
}

/** Ends the session here, and at the issuer's. Cognito has names of its own for what the standard calls otherwise. */
export function signOut(): void {
  const { end, clientId } = known(settings);
  keep(null);
  if (end) leave(end, { client_id: clientId, logout_uri: here(), post_logout_redirect_uri: here() });
}

async function exchange(grant: Record<string, string>): Promise<void> {
  const { token, clientId } = known(settings);
  const answer = await fetch(token, {
    method: 'POST',
    body: new URLSearchParams({ ...grant, client_id: clientId }),
  });
  const got = await answer.json().catch(() => ({}));
  if (!got.access_token) throw failed(got.error_description ?? got.error ?? `HTTP ${answer.status}`);
  // Renewed after nine tenths of its life.
  keep({ ...current(), ...got, until: Date.now() + (got.expires_in ?? 300) * 900 });
}

const failed = (why: string) => new ApiError('SIGN_IN_FAILED', why);

function leave(url: string, query: Record<string, string>): void {
  location.assign(`${url}?${new URLSearchParams(query)}`);
}

/** 72 characters with 244 random bits; 43 are the least (RFC 7636, 4.1). */
const random = () => crypto.randomUUID() + crypto.randomUUID();

/** RFC 4648, 5, without padding. */
function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
