import type { Client } from 'pg';
import { oneRow } from '../wire/one-row.ts';

/** What a dump tells of its database as a whole. */
export interface Facts {
  readonly version: string;
  readonly serverVersionNum: number;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly standby: boolean;
  /** JSON: what belongs to the database, not to anything in it, and so is in no dump of its contents. */
  readonly databaseSettings: string;
}

export async function readFacts(client: Client): Promise<Facts> {
  return await oneRow<Facts>(client, FACTS);
}

/** Bytes of the database; the server looks at each of its files for it. */
export async function readSize(client: Client): Promise<number> {
  const { size } = await oneRow<{ size: string }>(
    client,
    'SELECT pg_database_size(current_database()) AS size',
  );
  return Number(size);
}

/** Columns that not every version has are read through `to_jsonb`. */
const FACTS = `
  SELECT current_setting('server_version') AS version,
    current_setting('server_version_num')::int4 AS "serverVersionNum",
    pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
    pg_is_in_recovery() AS standby,
    jsonb_strip_nulls(jsonb_build_object(
      'owner', pg_get_userbyid(d.datdba),
      'comment', shobj_description(d.oid, 'pg_database'),
      'connectionLimit', NULLIF(d.datconnlimit, -1),
      'privileges', d.datacl::text[],
      'localeProvider', to_jsonb(d) ->> 'datlocprovider',
      'locale', COALESCE(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
      'icuRules', to_jsonb(d) ->> 'daticurules',
      'settings', (
        SELECT jsonb_agg(jsonb_build_object('role', r.rolname, 'set', s.setconfig) ORDER BY r.rolname)
        FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
        WHERE s.setdatabase = d.oid)))::text AS "databaseSettings"
  FROM pg_database d WHERE d.datname = current_database()`;

/**
 * Minor releases from which psql knows \restrict: an older one would stop at it (release notes of August 2025,
 * CVE-2025-8714).
 */
const RESTRICT_SINCE: Readonly<Record<number, number>> = { 14: 19, 15: 14, 16: 10, 17: 6 };

export function knowsRestrict(serverVersionNum: number): boolean {
  const major = Math.floor(serverVersionNum / 10_000);
  return major >= 18 || serverVersionNum % 10_000 >= (RESTRICT_SINCE[major] ?? Number.POSITIVE_INFINITY);
}
