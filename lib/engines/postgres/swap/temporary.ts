import { CofreError } from '../../../errors.ts';
import { type OpenOptions, openSession, type PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { quoteIdent, quoteLiteral } from '../wire/identifiers.ts';
import { versionNumOf } from '../wire/one-row.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';

/** Databases that every server has, or had once; the last resort is the one named like the role. */
const MAINTENANCE = ['postgres', 'template1'];

/**
 * A session from which databases can be made, renamed and dropped: on another database than the one at `settings`.
 * @throws {CofreError} the reason of the first one, when none lets us in.
 */
export async function openMaintenance(
  settings: ConnectionSettings,
  options: Omit<OpenOptions, 'role'>,
): Promise<PgSession> {
  const names = [...MAINTENANCE, settings.user].filter((name) => name !== settings.database);
  return await openFirst(names, settings, options);
}

/** A session on the first of some databases that lets us in. @throws {CofreError} as `openMaintenance` */
export async function openFirst(
  names: readonly string[],
  settings: ConnectionSettings,
  options: Omit<OpenOptions, 'role'>,
): Promise<PgSession> {
  const failures: unknown[] = [];
  for (const database of names) {
    try {
      return await openSession({ ...settings, database }, { ...options, role: 'target' });
    } catch (error) {
      // Only the server's own refusal of this database makes another one worth a try.
      if (!(error instanceof CofreError && isServerError(error.cause))) throw error;
      failures.push(error);
    }
  }
  throw failures[0];
}

/** How a database is to sort and store text; what is absent is as the server's default. */
export interface DatabaseLocale {
  /** The server's name of it: `UTF8`. */
  readonly encoding?: string | undefined;
  readonly collate?: string | undefined;
  readonly ctype?: string | undefined;
  /** Provider `libc`, `icu` (15 and later) or `builtin` (17 and later). */
  readonly provider?: string | undefined;
  /** Of provider `icu` or `builtin`. */
  readonly locale?: string | undefined;
  /** Of provider `icu` (16 and later). */
  readonly icuRules?: string | undefined;
}

/** Unknown locale or encoding: wrong object type, undefined object, invalid parameter, invalid object definition. */
const NO_LOCALE = /^(?:42809|42704|22023|42P17)$/;

/**
 * A new database, as `createdb --template=template0` makes it; where the server does not have the locale, with its own.
 * @param connectionLimit -1 for none
 * @throws what the server says
 */
export async function createDatabase(
  { client }: PgSession,
  name: string,
  locale: DatabaseLocale = {},
  connectionLimit = -1,
): Promise<void> {
  const version = await versionNumOf(client);
  const create = (wish: DatabaseLocale) =>
    client.query(
      `CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0 CONNECTION LIMIT ${connectionLimit}${localeClauses(wish, version)}`,
    );
  for (const wish of [locale, { encoding: locale.encoding }]) {
    try {
      await create(wish);
      return;
    } catch (error) {
      if (!isServerError(error) || !NO_LOCALE.test(error.code)) throw error;
    }
  }
  await create({});
}

function localeClauses(
  { encoding, collate, ctype, provider, locale, icuRules }: DatabaseLocale,
  version: number,
): string {
  const clauses: [string, string | undefined][] = [
    ['ENCODING', encoding],
    ['LC_COLLATE', collate],
    ['LC_CTYPE', ctype],
  ];
  if (provider && version >= 150_000) clauses.push(['LOCALE_PROVIDER', provider]);
  if (provider === 'icu' && version >= 150_000) clauses.push(['ICU_LOCALE', locale]);
  if (provider === 'icu' && version >= 160_000) clauses.push(['ICU_RULES', icuRules]);
  if (provider === 'builtin' && version >= 170_000) clauses.push(['BUILTIN_LOCALE', locale]);
  return clauses.map(([key, value]) => (value ? ` ${key} ${quoteLiteral(value)}` : '')).join('');
}

/**
 * Gives a finished database its name.
 * @throws {CofreError} `TARGET_BUSY` when the name is taken; else what the server says.
 */
export async function renameDatabase(
  { client, settings }: PgSession,
  from: string,
  to: string,
): Promise<void> {
  try {
    await client.query(`ALTER DATABASE ${quoteIdent(from)} RENAME TO ${quoteIdent(to)}`);
  } catch (cause) {
    if (!isServerError(cause) || cause.code !== DUPLICATE) throw cause;
    const database = nameOf({ ...settings, database: to });
    throw new CofreError('TARGET_BUSY', `${database} was made by someone else meanwhile.`, {
      cause,
      hint: 'Nothing was changed. Check who made it, then try again.',
    });
  }
}

/** duplicate_database (manual, Appendix A). */
const DUPLICATE = '42P04';

/** Drops a database and ends the sessions on it; content with one that is gone. */
export async function dropDatabase(session: PgSession, name: string): Promise<void> {
  await dropSubscriptions(session, name);
  await session.client.query(`DROP DATABASE IF EXISTS ${quoteIdent(name)} WITH (FORCE)`);
}

/**
 * A database with subscriptions cannot be dropped, and they only from within it. What they read from at their
 * publisher is left alone: a copy of them may go on with it.
 */
export async function dropSubscriptions({ client, settings }: PgSession, database: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT subname AS name FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE datname = $1`,
    [database],
  );
  if (rows.length === 0) return;
  const signal = AbortSignal.timeout(SUBSCRIPTIONS_MS);
  const options = { role: 'target', purpose: 'sweep', signal } as const;
  await using session = await openSession({ ...settings, database }, options);
  for (const name of rows.map((row) => quoteIdent(row.name))) {
    await session.client.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
    await session.client.query(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
    await session.client.query(`DROP SUBSCRIPTION ${name}`);
  }
}

const SUBSCRIPTIONS_MS = 20_000;
