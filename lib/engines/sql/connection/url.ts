import { CofreError } from '../../../errors.ts';
import { redactUrl } from '../../../secrets.ts';

/** libpq's `sslmode` (PostgreSQL manual, "SSL Support"), without `allow`; the same words for every server. */
export const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** How the URLs of a server are written. */
export interface UrlStyle {
  /** In lower case; the first one is what messages say. */
  readonly schemes: readonly string[];
  readonly port: number;
  /** Names that may stand after the `?`. */
  readonly parameters: readonly string[];
  /** Other words for TLS modes. */
  readonly tlsModes?: Readonly<Record<string, TlsMode>>;
}

/** The parts of a URL, decoded; what is empty is `undefined`. */
export interface UrlParts {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly path: string | undefined;
  /** The first of these parameters that says something. */
  parameter(...names: string[]): string | undefined;
  /** @throws {CofreError} `USAGE` for a mode that there is not */
  tlsMode(word: string | undefined): TlsMode;
  /** Whole seconds from 1 to 3600, as ms; 15 s when nothing is said. @throws {CofreError} `USAGE` */
  timeoutMs(seconds: string | undefined): number;
  /** The URL cannot be used; no secret of it is told. */
  refuse(why: string): CofreError;
}

/**
 * Takes a URL apart: `scheme://user:password@host:port/path?name=value`, each part percent-encoded (RFC 3986).
 * @throws {CofreError} `USAGE`
 */
export function urlParts(url: string, style: UrlStyle): UrlParts {
  const refuse = (why: string) => badUrl(url, style, why);
  const [scheme = ''] = /^[a-z]+(?=:\/\/)/i.exec(url) ?? [];
  if (!style.schemes.includes(scheme.toLowerCase())) throw refuse(`it is not a ${style.schemes[0]}:// URL`);
  // A password with a bare "/", "?" or "#" would end the authority too early: say so, and never quote it.
  if (!URL.canParse(url)) throw refuse('it cannot be read as a URL');
  const { username, password, hostname, port, pathname, searchParams } = new URL(url);
  const unknown = [...searchParams.keys()].find((name) => !style.parameters.includes(name));
  if (unknown !== undefined) throw refuse(`Cofre does not know the parameter ${unknown}`);
  const decoded = (text: string) => decode(text, refuse) || undefined;
  return {
    user: decoded(username),
    password: decoded(password),
    host: decoded(hostname)?.replace(/^\[(.*)\]$/, '$1'),
    port: port || undefined,
    path: decoded(pathname.slice(1)),
    parameter: (...names) => names.map((name) => searchParams.get(name)).find((value) => value) ?? undefined,
    tlsMode: (word = 'prefer') => {
      const mode = style.tlsModes?.[word.toLowerCase()] ?? (word.toLowerCase() as TlsMode);
      if (TLS_MODES.includes(mode)) return mode;
      throw refuse(`sslmode must be one of ${TLS_MODES.join(', ')}`);
    },
    timeoutMs: (seconds = '15') => {
      const value = Number(seconds);
      if (Number.isInteger(value) && value >= 1 && value <= 3_600) return value * 1_000;
      throw refuse('connect_timeout must be whole seconds from 1 to 3600');
    },
    refuse,
  };
}

function decode(text: string, refuse: (why: string) => CofreError): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('a "%" in it is not followed by two hex digits');
  }
}

/** A URL as messages show it. */
export function exampleOf({ schemes, port }: UrlStyle): string {
  return `${schemes[0]}://user:password@host:${port}/database`;
}

function badUrl(url: string, style: UrlStyle, why: string): CofreError {
  return new CofreError('USAGE', `The URL ${redactUrl(url)} cannot be used: ${why}.`, {
    hint: `Write ${exampleOf(style)}, with special characters percent-encoded (@ is %40, / is %2F), or give host, user, password and database apart in cofre.json.`,
  });
}
