import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import { nameOf } from '../wire/url.ts';
import { hasKnownCatalogs } from './newer-catalogs.ts';

/**
 * The oldest version that is tried; the one of the pg_dump here, which refuses later ones; and the newest that can be
 * told to it as its own.
 */
const [OLDEST, PG_DUMP, NEWEST] = [14, 18, 19];

/** A server's version, as text and as number. */
export interface ServerVersion {
  readonly version: string;
  /** `server_version_num`. */
  readonly num: number;
}

/** The version of a server that can be dumped. @throws {CofreError} `SOURCE_INVALID` */
export async function requireSupported(session: PgSession): Promise<ServerVersion> {
  const { client, settings } = session;
  const { version, num } = await oneRow<ServerVersion>(
    client,
    `SELECT pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('server_version_num')::int4 AS num`,
  );
  const known = !isNewerThanPgDump(num) || (await hasKnownCatalogs(session));
  const hint = supportHint(Math.floor(num / 10_000)) ?? (known ? undefined : UNKNOWN_CATALOGS);
  if (hint === undefined) return { version, num };
  throw new CofreError('SOURCE_INVALID', `The server of ${nameOf(settings)} is PostgreSQL ${version}.`, {
    hint,
  });
}

const UNKNOWN_CATALOGS =
  'Its system catalogs have what this version of Cofre does not know: update Cofre, or use its own pg_dump.';

/** Whether pg_dump has to be told that the server is older than it is. */
export function isNewerThanPgDump(serverVersionNum: number): boolean {
  return serverVersionNum >= (PG_DUMP + 1) * 10_000;
}

/** What to do about a version that cannot be dumped; `undefined` for one that can. */
export function supportHint(major: number): string | undefined {
  if (major > NEWEST) return `This version of Cofre knows PostgreSQL up to ${NEWEST}: update Cofre.`;
  if (major < OLDEST)
    return `Cofre supports PostgreSQL ${OLDEST} and later: upgrade the server, or use pg_dump.`;
  return undefined;
}
