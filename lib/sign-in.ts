import { z } from 'zod';

/** How people sign in to the deployed API and page: what its functions are told, and check tokens by. */

/** Tokens and keys must not travel in the clear; on this machine (emulators, tests) they may. */
const secureUrl = z
  .url()
  .refine((text) => /^https:|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(text), 'must be an https: URL');

const text = z.string().min(1).max(500);
const values = z.array(text).min(1).max(50);

/** Where the issuer's endpoints and keys are told, when that is not at its usual place. */
const metadataUrl = secureUrl.optional();

/** A Cognito user pool; its groups `viewer` and `admin` are the roles. */
export const cognitoSettings = z.strictObject({
  userPoolId: z.string().regex(/^[a-z]+(-[a-z]+)+-\d+_[A-Za-z0-9]+$/, 'not the id of a user pool'),
  clientId: text,
  metadataUrl,
});

/** What has to be told of any other issuer; also in `aws.signIn` of the configuration. */
export const oidcFields = {
  /** As the tokens' `iss` has it, letter by letter. */
  issuer: secureUrl,
  /** Of a public client: authorization code with PKCE, no secret. */
  clientId: text,
  /** The `aud` of access tokens for Cofre. They must be JWTs. */
  audience: text,
  roles: z
    .strictObject({
      /** Claim that names the roles; one inside another is written `realm_access.roles`. */
      claim: text.default('groups'),
      /** Values of it that make somebody a viewer, or an admin. */
      viewer: values.default(['viewer']),
      admin: values.default(['admin']),
    })
    .prefault({}),
  scope: text.default('openid profile email'),
  /** What the issuer wants beside, such as `audience` (Auth0) or `resource` (RFC 8707). */
  authorizeParameters: z.record(z.string().regex(/^[a-z_]{1,40}$/), text).default({}),
  metadataUrl,
};

export const oidcSettings = z.strictObject(oidcFields);

export type CognitoSettings = z.infer<typeof cognitoSettings>;
export type OidcSettings = z.infer<typeof oidcSettings>;
export type SignInSettings = CognitoSettings | OidcSettings;

const signInSettings = z.union([cognitoSettings, oidcSettings]);

/** Reads the settings that the stack hands to its functions. @throws {ZodError} */
export function parseSignIn(json: string): SignInSettings {
  return signInSettings.parse(JSON.parse(json));
}

export function isCognito(settings: SignInSettings): settings is CognitoSettings {
  return 'userPoolId' in settings;
}

/** The `iss` of the tokens. */
export function issuerOf(settings: SignInSettings): string {
  if (!isCognito(settings)) return settings.issuer;
  const [region] = settings.userPoolId.split('_');
  return `https://cognito-idp.${region}.amazonaws.com/${settings.userPoolId}`;
}
