import { CofreError } from '../../../errors.ts';
import { redactUrl } from '../../../secrets.ts';

export const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
/** As the configuration names them for every engine. */
export type TlsMode = (typeof TLS_MODES)[number];

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

/** What may stand after the `?`; the first name of each is what messages say. */
const PARAMETERS = {
  tls: ['sslmode', 'ssl-mode'],
  ca: ['sslrootcert', 'ssl-ca'],
  timeout: ['connect_timeout'],
  socket: ['socket'],
  host: ['host'],
  port: ['port'],
  user: ['user'],
  password: ['password'],
  /** Frameworks write it; Cofre has its own. */
  ignored: ['charset', 'collation', 'encoding'],
} as const;

/**
 * Reads `mysql://user:password@host:3306/database?sslmode=…` (`mariadb://` is the same), each part percent-encoded, as
 * MySQL's programs do (manual, "Connecting to the Server Using URI-Like Strings").
 * @throws {CofreError} `USAGE`
 */
export function parseUrl(url: string): ConnectionSettings {
  if (!/^(?:mysql|mariadb):\/\//i.test(url)) throw badUrl(url, 'it is not a mysql:// URL');
  const parsed = split(url);
  const parameter = parametersOf(parsed, url);
  const part = (text: string) => decode(text, url) || undefined;
  const [user, database] = [
    part(parsed.username) ?? parameter('user'),
    part(parsed.pathname.slice(1).replace(/\/$/, '')),
  ];
  if (user === undefined) throw badUrl(url, 'it has no user');
  if (database === undefined) throw badUrl(url, 'it has no database');
  const host = parameter('host') ?? part(parsed.hostname)?.replace(/^\[(.*)\]$/, '$1') ?? 'localhost';
  return {
    host: host.startsWith('/') ? 'localhost' : host,
    port: Number(parsed.port || (parameter('port') ?? 3306)),
    socketPath: parameter('socket') ?? (host.startsWith('/') ? host : undefined),
    user,
    password: part(parsed.password) ?? parameter('password') ?? '',
    database,
    tls: tlsMode(parameter('tls'), url),
    caFile: parameter('ca'),
    connectTimeoutMs: seconds(parameter('timeout'), url) * 1_000,
  };
}

function parametersOf(parsed: URL, url: string) {
  const known: readonly string[] = Object.values(PARAMETERS).flat();
  const unknown = [...parsed.searchParams.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw badUrl(url, `Cofre does not know the parameter ${unknown}`);
  return (name: keyof typeof PARAMETERS): string | undefined =>
    PARAMETERS[name].map((it) => parsed.searchParams.get(it)).find((value) => value) ?? undefined;
}

/** How a connection is named in messages: no secret, and no noise. */
export function nameOf({ host, port, socketPath, database }: ConnectionSettings): string {
  const server = socketPath ?? `${host}:${port}`;
  return database === '' ? server : `${database} on ${server}`;
}

function split(url: string): URL {
  // A password with a bare "/", "?" or "#" would end the authority too early: say so, and never quote it.
  try {
    return new URL(url);
  } catch {
    throw badUrl(url, 'it cannot be read as a URL');
  }
}

function decode(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badUrl(url, 'a "%" in it is not followed by two hex digits');
  }
}

function tlsMode(text: string | undefined, url: string): TlsMode {
  const word = (text ?? 'prefer').toLowerCase();
  const mode = MYSQL_MODES[word] ?? (word as TlsMode);
  if (TLS_MODES.includes(mode)) return mode;
  throw badUrl(url, `sslmode must be one of ${TLS_MODES.join(', ')}`);
}

function seconds(text: string | undefined, url: string): number {
  const value = Number(text ?? 15);
  if (Number.isInteger(value) && value >= 1 && value <= 3_600) return value;
  throw badUrl(url, 'connect_timeout must be whole seconds from 1 to 3600');
}

function badUrl(url: string, why: string): CofreError {
  return new CofreError('USAGE', `The URL ${redactUrl(url)} cannot be used: ${why}.`, {
    hint: 'Write mysql://user:password@host:3306/database, with special characters percent-encoded (@ is %40, / is %2F), or give host, user, password and database apart in cofre.json.',
  });
}
