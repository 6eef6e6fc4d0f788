import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { MOST_JOBS } from './engines/load-options.ts';
import { TLS_MODES } from './engines/sql/connection/url.ts';
import { CofreError } from './errors.ts';
import { address, compression, days } from './requests/fields.ts';
import { encodePart, isPlaceholder } from './secrets.ts';

const part = z.string().min(1).max(1_000);
const port = z.union([z.int().min(1).max(65_535), part.refine(isPlaceholder)], {
  error: 'Give a port from 1 to 65535',
});

/** Where a database is, field by field, for whom a URL with its encoding is too much. */
const placeFields = {
  engine: z.enum(['postgres', 'mysql', 'mariadb']).optional(),
  /** Name, address, or the path of a Unix socket (PostgreSQL: of its folder). */
  host: part.optional(),
  port: port.optional(),
  user: part.optional(),
  password: z.string().max(10_000).optional(),
  /** Name of the database on the server. */
  database: part.optional(),
  sslmode: z.enum(TLS_MODES).optional(),
  /** File of certificate authorities, PEM. */
  sslrootcert: part.optional(),
};

const settings = {
  /** As EventBridge writes it, in UTC: `cron(0 2 * * ? *)`, `rate(6 hours)`. */
  schedule: z.string().optional(),
  compression: compression.default('zstd'),
  /** After each backup, remove those older than so many days (never the newest whole one). */
  days: days.optional(),
  /** Mail each backup of the schedule. */
  email: z.boolean().default(false),
  recipients: z.array(address).max(50).default([]),
  /** How long a dump may keep SQLite's writers waiting, or waits for a server's locks; the engine has a default. */
  lockSeconds: z.number().min(1).max(86_400).optional(),
  /** Connections that work at the same time; the engine has a default. */
  jobs: z.int().min(1).max(MOST_JOBS).optional(),
};

/** A database of the configuration. Whichever way its place was given, it comes out as a URL. */
export const databaseSchema = z
  .strictObject({
    /** `sqlite:./file`, `postgres://…`, `mysql://…`; may hold `${env:NAME}` and `${secret:NAME#field}` (see secrets.ts). */
    url: z.string().min(1).optional(),
    ...placeFields,
    ...settings,
  })
  .superRefine((given, context) => {
    for (const [path, message] of placeIssues(given))
      context.addIssue({ code: 'custom', path: [path], message });
  })
  .transform(({ url, engine, host, port, user, password, database, sslmode, sslrootcert, ...rest }) => ({
    ...rest,
    url: url ?? composeUrl({ engine, host, port, user, password, database, sslmode, sslrootcert }),
  }));

export type DatabaseConfig = z.infer<typeof databaseSchema>;
type Place = { readonly [name in keyof typeof placeFields]?: string | number | undefined };

/** One way or the other, and each of them whole. */
function placeIssues(
  given: Place & { readonly url?: string | undefined },
): [field: string, message: string][] {
  const fields = Object.keys(placeFields).filter((name) => given[name as keyof Place] !== undefined);
  if (given.url !== undefined) {
    if (fields.length > 0) return [[fields[0]!, 'Give either url or the fields of a server, not both']];
    return urlIssues(given.url);
  }
  if (fields.length === 0) return [['url', 'Give url, or engine with user and database']];
  const missing = (['engine', 'user', 'database'] as const).filter((name) => given[name] === undefined);
  return missing.map((name) => [name, 'Is needed where there is no url']);
}

function urlIssues(url: string): [string, string][] {
  if (/^[a-z]+:./.test(url) || isPlaceholder(url)) return [];
  return [
    [
      'url',
      'not a URL such as sqlite:./file.sqlite3, postgres://user:password@host:5432/database or mysql://user:password@host:3306/database',
    ],
  ];
}

const PORTS: Readonly<Record<string, number>> = { postgres: 5_432, mysql: 3_306, mariadb: 3_306 };

function composeUrl({ engine, host = 'localhost', port, user, password, database, ...tls }: Place) {
  const encode = (value: string | number | undefined) => encodePart(String(value));
  const login = password === undefined ? encode(user) : `${encode(user)}:${encode(password)}`;
  const query = Object.entries(tls)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encode(value)}`);
  const place = `${engine}://${login}@${encode(host)}:${encode(port ?? PORTS[engine!])}/${encode(database)}`;
  return query.length === 0 ? place : `${place}?${query.join('&')}`;
}

/** Paths in a URL of the configuration, of a SQLite file or of certificates, count from its folder. */
export function atFolder(url: string, folder: string): string {
  const path = /^sqlite:(?!\/)(.+)$/s.exec(url)?.[1];
  if (path) return `sqlite:${resolve(folder, path)}`;
  return url.replace(/([?&](?:sslrootcert|ssl-ca)=)([^&#]+)/, (whole, name: string, value: string) => {
    const file = decode(value);
    return isAbsolute(file) ? whole : `${name}${encodeURIComponent(resolve(folder, file))}`;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new CofreError('CONFIG_INVALID', 'The path in sslrootcert has a "%" without two hex digits.', {
      cause,
      hint: 'Write a percent sign as %25, or give sslrootcert as a field of its own.',
    });
  }
}
