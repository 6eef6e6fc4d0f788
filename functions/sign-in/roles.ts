import type { OidcSettings } from '../../lib/sign-in.ts';
import { ROLES, type Role } from '../access/caller.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The highest role that the claims give; `undefined` for somebody who has none. */
export function roleIn(claims: Claims, { claim, ...byRole }: OidcSettings['roles']): Role | undefined {
  const given = asList(claimIn(claims, claim));
  return ROLES.toReversed().find((role) => byRole[role].some((value) => given.includes(value)));
}

/** By its whole name, which may hold dots (`https://example.com/roles`), else step by step. */
function claimIn(claims: Claims, name: string): unknown {
  // Anybody can claim an address; some issuers do not check it.
  if (name === 'email' && claims['email_verified'] !== true) return undefined;
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, step) => ownValue(value, step), claims);
}

function ownValue(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Claims)[name] : undefined;
}

/** A list as it is; a text is a list of words, as `scope` is (RFC 6749, 3.3). */
function asList(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value : [];
}
