import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../connection/connect.ts';
import { nameOf } from '../connection/url.ts';

/** The oldest version that is tried, and the newest that the pg_dump here knows: it refuses later ones. */
const [OLDEST, NEWEST] = [14, 18];

/** `server_version_num` of a server that can be dumped. @throws {CofreError} `SOURCE_INVALID` */
export async function requireSupported({ client, settings }: PgSession): Promise<number> {
  const { rows } = await client.query<{ version: string; num: number }>(
    `SELECT pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('server_version_num')::int4 AS num`,
  );
  const { version, num } = rows[0]!;
  const hint = supportHint(Math.floor(num / 10_000));
  if (hint === undefined) return num;
  throw new CofreError('SOURCE_INVALID', `The server of ${nameOf(settings)} is PostgreSQL ${version}.`, {
    hint,
  });
}

/** What to do about a version that cannot be dumped; `undefined` for one that can. */
export function supportHint(major: number): string | undefined {
  if (major > NEWEST) return `This version of Cofre knows PostgreSQL up to ${NEWEST}: update Cofre.`;
  if (major < OLDEST)
    return `Cofre supports PostgreSQL ${OLDEST} and later: upgrade the server, or use pg_dump.`;
  return undefined;
}
