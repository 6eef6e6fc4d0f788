import { openFirst } from '../swap/temporary.ts';
import type { PgSession } from '../wire/connect.ts';
import type { ConnectionSettings } from '../wire/url.ts';
import { type LockKey, lockOf } from './mark.ts';

/**
 * A session that lives as long as the maker of a scratch database: it holds a lock that follows from the database's name,
 * and the server lets go of it when the session ends. `pg_locks` shows it to every role, from every database of the
 * server. A lock rather than a clock: nobody has to guess how long a restore may take.
 * @throws {CofreError} `TARGET_INVALID` when no database of the server lets us in
 */
export async function openKeeper(
  settings: ConnectionSettings,
  name: string,
  signal: AbortSignal,
): Promise<PgSession> {
  const keeper = await openBeside(settings, 'restore-test', signal);
  try {
    await keeper.client.query(KEEPING);
    const { high, low } = lockOf(name);
    await keeper.client.query('SELECT pg_advisory_lock(($1::int8 << 32) | $2::int8)', [high, low]);
    return keeper;
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

/**
 * A session from which a scratch database is made, kept and dropped. Rather not in the database that `settings` names,
 * which may be swapped meanwhile; in `template1` as the last resort, as nobody can make a database from one that somebody
 * is in.
 */
export async function openBeside(
  settings: ConnectionSettings,
  purpose: string,
  signal: AbortSignal,
): Promise<PgSession> {
  const names = new Set(['postgres', settings.user, settings.database, 'template1']);
  return await openFirst([...names], settings, { purpose, signal });
}

/**
 * It waits for hours without a word, and a server has to find out within a minute that its client is gone, even where
 * the network does not tell (manual, 20.3.2 "TCP Settings", 20.11.1 "Statement Behavior").
 */
const KEEPING = `
  SET idle_session_timeout = 0;
  SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3`;

const LOCKS = `
  SELECT classid::int8::float8 AS high, objid::int8::float8 AS low
  FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted`;

/** Tells whether the maker of a scratch database lives. */
export async function readKeepers({ client }: PgSession): Promise<(name: string) => boolean> {
  const { rows } = await client.query<LockKey>(LOCKS);
  const held = new Set(rows.map(({ high, low }) => `${high} ${low}`));
  return (name) => {
    const { high, low } = lockOf(name);
    return held.has(`${high} ${low}`);
  };
}
