import { serverUrls } from '../../sql/connection/server-urls.ts';
import { type TlsMode, type UrlStyle, urlParts } from '../../sql/connection/url.ts';

/** The words of MySQL's own `--ssl-mode` (manual, "Command Options for Encrypted Connections"). */
const MYSQL_MODES: Readonly<Record<string, TlsMode>> = {
  disabled: 'disable',
  preferred: 'prefer',
  required: 'require',
  verify_ca: 'verify-ca',
  verify_identity: 'verify-full',
};

/** Where a database is and how to get in. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket, which then counts instead of host and port. */
  readonly socketPath: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: TlsMode;
  /** Path of a file with the certificate authorities to trust, PEM. */
  readonly caFile: string | undefined;
  /** ms. */
  readonly connectTimeoutMs: number;
}

const TLS = ['sslmode', 'ssl-mode'];
const CA = ['sslrootcert', 'ssl-ca'];
/** Frameworks write these; Cofre has its own. */
const IGNORED = ['charset', 'collation', 'encoding'];

const STYLE: UrlStyle = {
  schemes: ['mysql', 'mariadb'],
  port: 3306,
  parameters: [...TLS, ...CA, ...IGNORED, 'connect_timeout', 'socket', 'host', 'port', 'user', 'password'],
  tlsModes: MYSQL_MODES,
};

export const mysqlUrls = serverUrls({
  style: STYLE,
  words: ['mysql', 'mariadb'],
  caParameters: CA,
  databaseIn: (url) => parseUrl(url).database,
});

/**
 * Reads `mysql://user:password@host:3306/database?sslmode=…` (`mariadb://` is the same), each part percent-encoded, as
 * MySQL's programs do (manual, "Connecting to the Server Using URI-Like Strings").
 * @throws {CofreError} `USAGE`
 */
export function parseUrl(url: string): ConnectionSettings {
  const parts = urlParts(url, STYLE);
  const { parameter } = parts;
  const user = parts.user ?? parameter('user');
  if (user === undefined) throw parts.refuse('it has no user');
  const database = parts.path?.replace(/\/$/, '');
  if (!database) throw parts.refuse('it has no database');
  const host = parameter('host') ?? parts.host ?? 'localhost';
  return {
    host: host.startsWith('/') ? 'localhost' : host,
    port: Number(parts.port ?? parameter('port') ?? STYLE.port),
    socketPath: parameter('socket') ?? (host.startsWith('/') ? host : undefined),
    user,
    password: parts.password ?? parameter('password') ?? '',
    database,
    tls: parts.tlsMode(parameter(...TLS)),
    caFile: parameter(...CA),
    connectTimeoutMs: parts.timeoutMs(parameter('connect_timeout')),
  };
}

/** How a connection is named in messages: no secret, and no noise. */
export function nameOf({ host, port, socketPath, database }: ConnectionSettings): string {
  const server = socketPath ?? `${host}:${port}`;
  return database === '' ? server : `${database} on ${server}`;
}
