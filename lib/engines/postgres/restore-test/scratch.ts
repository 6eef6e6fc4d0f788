import { CofreError } from '../../../errors.ts';
import type { EngineContext, Expected, Scratch } from '../../engine.ts';
import { localeOf } from '../swap/into-new.ts';
import { commenting } from '../swap/replaced.ts';
import { createDatabase } from '../swap/temporary.ts';
import type { PgSession } from '../wire/connect.ts';
import { explaining, isServerError } from '../wire/failures.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { oneRow } from '../wire/one-row.ts';
import { type ConnectionSettings, parseUrl } from '../wire/url.ts';
import { dropScratch } from './dead.ts';
import { openBeside, openKeeper } from './keeper.ts';
import { commentOf, limitOf, scratchName } from './mark.ts';

/** How long a drop may take, ms; what it leaves, the next sweep finds. */
const DROP_MS = 120_000;

/**
 * Makes an empty database like the one that the backup is of: encoding, locale, provider and rules, as far as the server
 * has them. See `mark.ts` for how it is told from a user's own, and `keeper.ts` for how anybody sees that we live.
 *
 * Should this process die while the server makes the database, the server goes on until it looks for its client, within
 * 2 s; until then a sweep of another host finds nothing, and the one after it does.
 *
 * What a restore runs of a database's own, because it must: functions in indexes, constraints, generated columns, domains
 * and queries of materialized views. Triggers come after the rows, subscriptions are not connected; event triggers come
 * last of all (`parallel/event-triggers.ts`) and stay silent (`quiet`).
 * @throws {CofreError} `RESTORE_REFUSED`, `TARGET_INVALID`
 */
export async function openScratch(
  place: string,
  like: Expected,
  { signal }: EngineContext,
): Promise<Scratch> {
  const settings = parseUrl(place);
  signal.throwIfAborted();
  return await explaining('target', settings, signal, async () => {
    const name = scratchName();
    // The session outlives the context's signal, which must not keep a scratch database from being dropped.
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const keeper = await openKeeper(settings, name, stop.signal);
      const scratch = scratchOf(place, settings, name, keeper);
      try {
        await make(keeper, name, like);
        signal.throwIfAborted();
        return { ...scratch, version: await versionOf(keeper) };
      } catch (error) {
        // What it is at must be over: a database that comes to be after the drop would stay.
        await keeper.close();
        await scratch.drop().catch(() => {});
        throw error;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  });
}

async function make(keeper: PgSession, name: string, like: Expected): Promise<void> {
  try {
    await createDatabase(keeper, name, localeOf(like.details), limitOf(name));
  } catch (error) {
    throw refused(keeper, error);
  }
  await keeper.client.query(commenting(name, commentOf(name)));
  await quiet(keeper, name);
}

/**
 * Event triggers may stay silent from version 17 on, which brought those that fire when somebody connects. To say so takes
 * a superuser, as it takes one to make event triggers; but for those of managed services (manual, 20.11.1,
 * `event_triggers`).
 */
async function quiet({ client }: PgSession, name: string): Promise<void> {
  const { rows } = await client.query("SELECT FROM pg_settings WHERE name = 'event_triggers'");
  if (rows.length === 0) return;
  try {
    await client.query(`ALTER DATABASE ${quoteIdent(name)} SET event_triggers TO off`);
  } catch (error) {
    if (!isServerError(error) || error.code !== FORBIDDEN) throw error;
  }
}

/** insufficient_privilege */
const FORBIDDEN = '42501';

function refused({ settings: { user, host, port } }: PgSession, cause: unknown): unknown {
  if (!isServerError(cause) || cause.code !== FORBIDDEN) return cause;
  return new CofreError(
    'RESTORE_REFUSED',
    `The role ${user} may not make databases on ${host}:${port}: ${cause.message}.`,
    {
      cause,
      hint: `A restore test restores into a database of its own. As a superuser, or another role that may: ALTER ROLE ${quoteIdent(user)} CREATEDB; Nothing was changed.`,
    },
  );
}

async function versionOf({ client }: PgSession): Promise<string> {
  const { version } = await oneRow<{ version: string }>(
    client,
    "SELECT current_setting('server_version') AS version",
  );
  return version;
}

function scratchOf(
  place: string,
  settings: ConnectionSettings,
  name: string,
  keeper: PgSession,
): Omit<Scratch, 'version'> {
  const { user, host, port } = settings;
  const url = new URL(place);
  url.pathname = `/${name}`;
  let dropping: Promise<void> | undefined;
  const drop = async () => {
    try {
      await dropOnServer(settings, name);
    } finally {
      // Only now: nobody else is to see a database whose maker is gone while there is one.
      await keeper.close();
    }
  };
  return {
    name,
    url: url.href,
    server: `postgres://${encodeURIComponent(user)}@${host.includes(':') ? `[${host}]` : host}:${port}`,
    drop: () => {
      dropping ??= drop().catch((error: unknown) => {
        dropping = undefined;
        throw error;
      });
      return dropping;
    },
  };
}

async function dropOnServer(settings: ConnectionSettings, name: string): Promise<void> {
  const signal = AbortSignal.timeout(DROP_MS);
  await explaining('target', settings, signal, async () => {
    await using session = await openBeside(settings, 'sweep', signal);
    await dropScratch(session, name);
  });
}
