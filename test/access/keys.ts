import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key pair that signs tokens, with its public half as a JWK (RFC 7517). */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export function newKey(kid: string): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT (RFC 7519) signed by RS256. */
export function signToken(claims: object, { kid, privateKey }: SigningKey, header: object = {}): string {
  const signed = `${encode({ alg: 'RS256', typ: 'at+jwt', kid, ...header })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** The classic forgeries (RFC 8725, 2.1): no signature, and the public key taken for a shared secret. */
export function unsignedToken(claims: object, kid: string): string {
  return `${encode({ alg: 'none', kid })}.${encode(claims)}.`;
}

export function macToken(claims: object, { kid, jwk }: SigningKey): string {
  const signed = `${encode({ alg: 'HS256', kid })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', JSON.stringify(jwk)).update(signed).digest('base64url')}`;
}

/** The same token with other claims, and the signature of the first. */
export function tamper(token: string, claims: object): string {
  const [header, payload, signature] = token.split('.');
  const told = JSON.parse(Buffer.from(payload!, 'base64url').toString('utf8'));
  return `${header}.${encode({ ...told, ...claims })}.${signature}`;
}
