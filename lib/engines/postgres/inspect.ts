import { CofreError } from '../../errors.ts';
import type { DatabaseInfo, EngineContext } from '../engine.ts';
import { supportHint } from './pg-dump/versions.ts';
import { openSession } from './wire/connect.ts';
import { explaining } from './wire/failures.ts';
import { oneRow } from './wire/one-row.ts';
import { type ConnectionSettings, nameOf, parseUrl } from './wire/url.ts';

interface Facts {
  readonly version: string;
  readonly major: number;
  readonly size: string;
  readonly standby: boolean;
  readonly encoding: string;
  readonly role: string;
  /** Names of tables that the role may not read, or not all rows of: at most `SHOWN`, and how many there are. */
  readonly unreadable: readonly string[];
  readonly unreadableCount: number;
}

/** Names in a warning. */
const SHOWN = 3;

/** @throws {CofreError} `SOURCE_FAILED`, `USAGE` */
export async function inspect(url: string, { signal }: Pick<EngineContext, 'signal'>): Promise<DatabaseInfo> {
  const settings = parseUrl(url);
  signal.throwIfAborted();
  try {
    const facts = await explaining('source', settings, signal, () => readFacts(settings, signal));
    return {
      exists: true,
      version: facts.version,
      size: Number(facts.size),
      warnings: warningsOf(facts, nameOf(settings)),
    };
  } catch (error) {
    if (!(error instanceof CofreError) || error.code !== 'SOURCE_NOT_FOUND') throw error;
    return { exists: false, version: '', size: 0, warnings: [] };
  }
}

async function readFacts(settings: ConnectionSettings, signal: AbortSignal): Promise<Facts> {
  await using session = await openSession(settings, { role: 'source', purpose: 'inspect', signal });
  return await oneRow<Facts>(session.client, FACTS);
}

/** A right on a schema counts too. The functions give NULL for what was dropped meanwhile. */
const FACTS = `
  WITH unreadable AS (
    SELECT c.oid::regclass::text AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't'
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
      AND (NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_table_privilege(c.oid, 'SELECT')
        OR c.relkind <> 'S' AND row_security_active(c.oid))
  )
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
    current_setting('server_version_num')::int4 / 10000 AS major,
    pg_database_size(current_database()) AS size, pg_is_in_recovery() AS standby,
    getdatabaseencoding() AS encoding, current_user AS role,
    ARRAY(SELECT name FROM unreadable ORDER BY name LIMIT ${SHOWN}) AS unreadable,
    (SELECT count(*)::int4 FROM unreadable) AS "unreadableCount"`;

function warningsOf(facts: Facts, database: string): string[] {
  const { version, major, standby, encoding, role, unreadable, unreadableCount } = facts;
  const hint = supportHint(major);
  const more = unreadableCount > unreadable.length ? ` and ${unreadableCount - unreadable.length} more` : '';
  return [
    hint && `${database} is on PostgreSQL ${version}. ${hint}`,
    standby &&
      `${database} is on a standby: it may cancel a long backup to follow its primary. Turn hot_standby_feedback on, or raise max_standby_streaming_delay.`,
    encoding === 'SQL_ASCII' &&
      `${database} has the encoding SQL_ASCII: its texts may be in any encoding, and can only be restored into such a database.`,
    unreadableCount > 0 &&
      `The role ${role} cannot read all of ${unreadable.join(', ')}${more} in ${database}: a backup will fail. Grant it pg_read_all_data, and BYPASSRLS where tables have row security.`,
  ].filter((text) => typeof text === 'string');
}
