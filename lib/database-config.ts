import { z } from 'zod';
import { connections } from './engines/load-options.ts';
import { SERVERS, URL_EXAMPLES } from './engines/urls-of.ts';
import { address, compression, days } from './requests/fields.ts';
import { encodePart, isPlaceholder } from './secrets.ts';

const part = z.string().min(1).max(1_000);
const port = z.union([z.int().min(1).max(65_535), part.refine(isPlaceholder)], {
  error: 'Give a port from 1 to 65535',
});

/** Where a database is, field by field, for whom a URL with its encoding is too much. */
const placeFields = {
  engine: z.enum(SERVERS.flatMap(({ words }) => words)).optional(),
  /** Name, address, or the path of a Unix socket (PostgreSQL: of its folder). */
  host: part.optional(),
  port: port.optional(),
  user: part.optional(),
  password: z.string().max(10_000).optional(),
  /** Name of the database on the server. */
  database: part.optional(),
  sslmode: z.enum([...new Set(SERVERS.flatMap(({ tlsModes }) => tlsModes))]).optional(),
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
  jobs: connections.optional(),
};

/** A database of the configuration. Whichever way its place was given, it comes out as a URL. */
export const databaseSchema = z
  .strictObject({
    /** `sqlite:./file`, `postgres://…`, `mysql://…`; may hold `${env:NAME}` and `${secret:NAME#field}` (see secrets.ts). */
    url: z.string().min(1).optional(),
    ...placeFields,
    ...settings,
  })
  .transform(
    ({ url, engine, host, port, user, password, database, sslmode, sslrootcert, ...rest }, context) => {
      const place = { engine, host, port, user, password, database, sslmode, sslrootcert };
      const found = urlOf(url, place);
      if (typeof found === 'string') return { ...rest, url: found };
      for (const [path, message] of found) context.addIssue({ code: 'custom', path: [path], message });
      return z.NEVER;
    },
  );

export type DatabaseConfig = z.infer<typeof databaseSchema>;

type Place = z.infer<z.ZodObject<typeof placeFields>>;
interface WholePlace extends Place {
  readonly engine: string;
  readonly user: string;
  readonly database: string;
}
type Issue = readonly [field: string, message: string];

/** A URL, given as such or field by field: one way or the other, and each of them whole. */
function urlOf(url: string | undefined, place: Place): string | readonly Issue[] {
  const [given] = Object.entries(place).find(([, value]) => value !== undefined) ?? [];
  if (url !== undefined) {
    if (given !== undefined) return [[given, 'Give either url or the fields of a server, not both']];
    return isUrl(url) ? url : [['url', `not a URL such as ${URL_EXAMPLES}`]];
  }
  if (given === undefined) return [['url', 'Give url, or engine with user and database']];
  const { engine, user, database } = place;
  if (engine === undefined || user === undefined || database === undefined) {
    const missing = Object.entries({ engine, user, database }).filter(([, value]) => value === undefined);
    return missing.map(([name]) => [name, 'Is needed where there is no url']);
  }
  return composeUrl({ ...place, engine, user, database });
}

function isUrl(text: string): boolean {
  return /^[a-z]+:./.test(text) || isPlaceholder(text);
}

function composeUrl({ engine, host, port, user, password, database, ...tls }: WholePlace): string {
  const login = password === undefined ? encodePart(user) : `${encodePart(user)}:${encodePart(password)}`;
  const listens = port ?? SERVERS.find(({ words }) => words.includes(engine))?.port;
  const server = [host ?? 'localhost', ...(listens === undefined ? [] : [String(listens)])];
  const place = `${engine}://${login}@${server.map(encodePart).join(':')}/${encodePart(database)}`;
  const query = Object.entries(tls).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodePart(value)}`],
  );
  return query.length === 0 ? place : `${place}?${query.join('&')}`;
}
