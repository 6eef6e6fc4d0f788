import { hash } from 'node:crypto';
import { Point } from '@noble/ed25519';

/**
 * The client's half of MariaDB's `ed25519` authentication (knowledge base, "Authentication Plugin - ed25519";
 * `plugin/auth_ed25519/ref10/sign.c`): a signature of the server's nonce as in RFC 8032, 5.1.6, but the private key is
 * the password, of any length, where the RFC has 32 bytes.
 */
export function signEd25519(password: string, nonce: Uint8Array): Buffer {
  const expanded = sha512(Buffer.from(password));
  const scalar = clamped(expanded.subarray(0, 32));
  const publicKey = pointBytes(scalar);
  const r = toNumber(sha512(expanded.subarray(32), nonce)) % ORDER;
  const commitment = pointBytes(r);
  const challenge = toNumber(sha512(commitment, publicKey, nonce)) % ORDER;
  return Buffer.concat([commitment, littleEndian((r + challenge * scalar) % ORDER)]);
}

const ORDER = Point.CURVE().n;

function sha512(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha512', Buffer.concat(parts), 'buffer');
}

/** RFC 8032, 5.1.5, step 2. */
function clamped(bytes: Uint8Array): bigint {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(0) & 0xf8, 0);
  copy.writeUInt8((copy.readUInt8(31) & 0x7f) | 0x40, 31);
  return toNumber(copy);
}

function pointBytes(scalar: bigint): Uint8Array {
  return Point.BASE.multiply(scalar % ORDER).toBytes();
}

function toNumber(littleEnd: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(littleEnd).reverse().toString('hex')}`);
}

function littleEndian(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
}
