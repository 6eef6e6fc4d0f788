import { generateKeyPairSync, sign } from 'node:crypto';

/** A key, and a certificate signed by itself, for `localhost` and 127.0.0.1, valid for this century. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** ecdsa-with-SHA256 (RFC 5758, 3.2); browsers know no Ed25519. */
const ALGORITHM = tlv(0x30, oid('2a8648ce3d040302'));

/** Written in DER by hand (RFC 5280, 4.1), so that no expiry date and no private key is kept in the repository. */
export function makeCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = tlv(0x30, tlv(0x31, tlv(0x30, oid('550403'), tlv(0x0c, Buffer.from('localhost')))));
  const validity = tlv(0x30, utcTime('200101000000Z'), utcTime('491231235959Z'));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const version = tlv(0xa0, integer(2));
  const body = tlv(0x30, version, integer(1), ALGORITHM, name, validity, name, spki, extensions());
  const signature = tlv(0x03, Buffer.of(0), sign('sha256', body, privateKey));
  const base64 = tlv(0x30, body, ALGORITHM, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function extensions(): Buffer {
  const names = tlv(0x30, tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.of(127, 0, 0, 1)));
  const alternativeNames = tlv(0x30, oid('551d11'), tlv(0x04, names));
  const authority = tlv(0x30, tlv(0x01, Buffer.of(0xff)));
  const basicConstraints = tlv(0x30, oid('551d13'), tlv(0x04, authority));
  return tlv(0xa3, tlv(0x30, basicConstraints, alternativeNames));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function integer(value: number): Buffer {
  return tlv(0x02, Buffer.of(value));
}

function utcTime(text: string): Buffer {
  return tlv(0x17, Buffer.from(text));
}

/** Tag, length, value. Lengths up to 255 bytes and of two bytes are enough here. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), value]);
}
