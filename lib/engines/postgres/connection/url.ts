import { CofreError } from '../../../errors.ts';
import { redactUrl } from '../../../secrets.ts';

export const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
/** libpq's `sslmode` (manual, "SSL Support", 32.19.3), without `allow`. */
export type TlsMode = (typeof TLS_MODES)[number];

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

const KNOWN = [
  'sslmode',
  'sslrootcert',
  'connect_timeout',
  'application_name',
  'host',
  'port',
  'user',
  'password',
  'dbname',
];

/**
 * Reads a connection URI as libpq does (manual, 32.1.1.2): `postgres://user:password@host:5432/database?sslmode=…`,
 * each part percent-encoded. A `host` among the parameters may be the folder of a Unix socket.
 * @throws {CofreError} `USAGE`
 */
export function parseUrl(url: string): ConnectionSettings {
  if (!/^postgres(?:ql)?:\/\//i.test(url)) throw badUrl(url, 'it is not a postgres:// URL');
  const parsed = split(url);
  const unknown = [...parsed.searchParams.keys()].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw badUrl(url, `Cofre does not know the parameter ${unknown}`);
  const parameter = (name: string) => parsed.searchParams.get(name) || undefined;
  const part = (text: string) => decode(text, url) || undefined;
  const user = part(parsed.username) ?? parameter('user');
  if (user === undefined) throw badUrl(url, 'it has no user');
  return {
    host: parameter('host') ?? part(parsed.hostname)?.replace(/^\[(.*)\]$/, '$1') ?? 'localhost',
    port: Number(parsed.port || (parameter('port') ?? 5432)),
    user,
    password: part(parsed.password) ?? parameter('password'),
    database: part(parsed.pathname.slice(1)) ?? parameter('dbname') ?? user,
    tls: tlsMode(parameter('sslmode'), url),
    caFile: parameter('sslrootcert'),
    connectTimeoutMs: seconds(parameter('connect_timeout'), url) * 1_000,
  };
}

/** The URL of another database on the same server, with the same credentials. */
export function withDatabase(url: string, database: string): string {
  const parsed = split(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  parsed.searchParams.delete('dbname');
  return parsed.href;
}

/** How a connection is named in messages: no secret, and no noise. */
export function nameOf({ host, port, database }: ConnectionSettings): string {
  return `${database} on ${host}:${port}`;
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
  const mode = (text ?? 'prefer') as TlsMode;
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
    hint: 'Write postgres://user:password@host:5432/database, with special characters percent-encoded (@ is %40, / is %2F), or give host, user, password and database apart in cofre.json.',
  });
}
