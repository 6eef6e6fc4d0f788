import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwksValidationError, JwkValidationError, JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { CofreError } from '../../lib/errors.ts';
import {
  type CognitoSettings,
  isCognito,
  type OidcSettings,
  type SignInSettings,
} from '../../lib/sign-in.ts';
import type { Role } from '../access/caller.ts';
import { getFromIssuer, type Metadata } from './metadata.ts';
import { type Claims, roleIn } from './roles.ts';

/** Whose token it is. */
export interface Identity {
  readonly name: string;
  readonly role: Role | undefined;
}

/**
 * Checks an access token: signature by the issuer's keys, issuer, audience, time.
 * @throws {CofreError} `SIGNED_OUT` for a token that is not valid, `INTERNAL` when the issuer's keys cannot be had
 */
export type VerifyToken = (token: string) => Promise<Identity>;

export function tokenVerifier(settings: SignInSettings, metadata: () => Promise<Metadata>): VerifyToken {
  const verify = isCognito(settings) ? cognito(settings, metadata) : oidc(settings, metadata);
  return (token) => verify(token).catch((error) => Promise.reject(refusalOf(error)));
}

function cognito(settings: CognitoSettings, metadata: () => Promise<Metadata>): VerifyToken {
  const { userPoolId, clientId, metadataUrl } = settings;
  const keys = async (uri: string) => (metadataUrl === undefined ? uri : (await metadata()).jwks_uri);
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, clientId, tokenUse: 'access', customJwtCheck: requireEnd },
    { jwksCache: keyCache(keys) },
  );
  const roles = { claim: 'cognito:groups', viewer: ['viewer'], admin: ['admin'] };
  return async (token) => {
    const claims: Claims = await verifier.verify(token);
    return { name: nameIn(claims, ['username']), role: roleIn(claims, roles) };
  };
}

function oidc(settings: OidcSettings, metadata: () => Promise<Metadata>): VerifyToken {
  const { issuer, audience, roles } = settings;
  const verifier = JwtVerifier.create(
    // Where the keys are is looked up when they are first needed; until then this is but a name for them.
    { issuer, audience, jwksUri: issuer, customJwtCheck: requireEnd },
    { jwksCache: keyCache(async () => (await metadata()).jwks_uri) },
  );
  return async (token) => {
    const claims: Claims = await verifier.verify(token);
    return { name: nameIn(claims, ['email', 'preferred_username', 'username']), role: roleIn(claims, roles) };
  };
}

/** Keeps the issuer's keys; looks for new ones when a token names one that is not known, but not too often. */
function keyCache(placeOf: (uri: string) => Promise<string>): SimpleJwksCache {
  return new SimpleJwksCache({ fetcher: { fetch: async (uri) => await getFromIssuer(await placeOf(uri)) } });
}

/** A token without an end would be good forever. */
function requireEnd({ payload }: { readonly payload: Claims }): void {
  if (typeof payload['exp'] !== 'number') throw invalid();
}

/** The first claim that names somebody in words, else the subject. An address counts only when it is verified. */
function nameIn(claims: Claims, names: readonly string[]): string {
  const told = names.find(
    (name) => isName(claims[name]) && (name !== 'email' || claims['email_verified'] === true),
  );
  const name = claims[told ?? 'sub'];
  if (isName(name)) return name;
  throw invalid();
}

/** It goes into job records and logs: one line, not too long. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\p{L}\p{N}\p{P}\p{S} ]{1,200}$/u.test(value);
}

/** The token's own faults are the caller's; anything else is ours. */
function refusalOf(cause: unknown): CofreError {
  if (cause instanceof CofreError) return cause;
  const ours = [FetchError, JwksValidationError, JwkValidationError].some((it) => cause instanceof it);
  if (cause instanceof JwtBaseError && !ours) return invalid(cause);
  return new CofreError('INTERNAL', 'The keys of the issuer are not valid.', { cause });
}

function invalid(cause?: unknown): CofreError {
  return new CofreError('SIGNED_OUT', 'The token is not valid.', { cause, hint: 'Sign in again.' });
}
