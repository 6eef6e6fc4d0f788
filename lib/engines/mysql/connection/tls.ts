import { readFileSync } from 'node:fs';
import { CofreError } from '../../../errors.ts';
import type { ConnectionSettings } from './url.ts';

/** What the driver wants to know of TLS. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity?: boolean;
  readonly ca?: string;
}

/** `undefined` for a connection without TLS. @throws {CofreError} `USAGE` */
export function tlsOf({ tls, caFile }: ConnectionSettings): TlsOptions | undefined {
  if (tls === 'disable') return undefined;
  const ca = caFile === undefined ? {} : { ca: readCa(caFile) };
  // As libpq: `require` checks nothing but, with a CA file, the chain; `verify-ca` not the host's name.
  if (tls === 'require' && caFile === undefined) return { rejectUnauthorized: false };
  return { ...ca, rejectUnauthorized: true, verifyIdentity: tls === 'verify-full' };
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CofreError('USAGE', `The CA file ${path} cannot be read: ${(cause as Error).message}.`, {
      cause,
      hint: 'Give the path of a PEM file in sslrootcert (for RDS: global-bundle.pem, see docs/configuration.md).',
    });
  }
}
