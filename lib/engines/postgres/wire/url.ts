import { serverUrls } from '../../sql/connection/server-urls.ts';
import { type TlsMode, type UrlStyle, urlParts } from '../../sql/connection/url.ts';

/** Where a database is and how to get in. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: TlsMode;
  /** Path of a file with the certificate authorities to trust, PEM. */
  readonly caFile: string | undefined;
  /** ms. */
  readonly connectTimeoutMs: number;
}

const STYLE: UrlStyle = {
  schemes: ['postgres', 'postgresql'],
  port: 5432,
  parameters: [
    'sslmode',
    'sslrootcert',
    'connect_timeout',
    'application_name',
    'host',
    'port',
    'user',
    'password',
    'dbname',
  ],
};

export const postgresUrls = serverUrls({
  style: STYLE,
  words: ['postgres'],
  caParameters: ['sslrootcert'],
  databaseIn: (url) => parseUrl(url).database,
});

/**
 * Reads a connection URI as libpq does (manual, 32.1.1.2): `postgres://user:password@host:5432/database?sslmode=…`,
 * each part percent-encoded. A `host` among the parameters may be the folder of a Unix socket.
 * @throws {CofreError} `USAGE`
 */
export function parseUrl(url: string): ConnectionSettings {
  const parts = urlParts(url, STYLE);
  const { parameter } = parts;
  const user = parts.user ?? parameter('user');
  if (user === undefined) throw parts.refuse('it has no user');
  return {
    host: parameter('host') ?? parts.host ?? 'localhost',
    port: Number(parts.port ?? parameter('port') ?? STYLE.port),
    user,
    password: parts.password ?? parameter('password'),
    database: parts.path ?? parameter('dbname') ?? user,
    tls: parts.tlsMode(parameter('sslmode')),
    caFile: parameter('sslrootcert'),
    connectTimeoutMs: parts.timeoutMs(parameter('connect_timeout')),
  };
}

/** How a connection is named in messages: no secret, and no noise. */
export function nameOf({ host, port, database }: ConnectionSettings): string {
  return `${database} on ${host}:${port}`;
}
