import type { Client } from 'pg';
import { oneRow } from '../wire/one-row.ts';

/** What belongs to a database as a whole, and so comes with no dump of its contents. */
export interface DatabaseFacts {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** `c` libc, `i` ICU, `b` builtin; absent before version 15. */
  readonly provider: 'c' | 'i' | 'b' | null;
  readonly locale: string | null;
  readonly icuRules: string | null;
  /** `null` for the one that a new database gets anyway: to name it takes a right of its own. */
  readonly tablespace: string | null;
  readonly connectionLimit: number;
  readonly isTemplate: boolean;
  readonly comment: string | null;
  /** Grants that are not the default's; `null` where nobody has changed them. */
  readonly grants: readonly Grant[] | null;
  readonly settings: readonly Setting[];
  readonly labels: readonly Label[];
}

export interface Grant {
  /** Empty for PUBLIC. */
  readonly grantee: string;
  readonly grantor: string;
  readonly privilege: string;
  readonly grantable: boolean;
}

export interface Setting {
  /** `null` for all roles. */
  readonly role: string | null;
  /** `name=value`. */
  readonly setting: string;
}

export interface Label {
  readonly provider: string;
  readonly label: string;
}

/** Columns that not every version has are read through `to_jsonb`. */
const FACTS = `
  SELECT d.oid, d.datname AS name, pg_get_userbyid(d.datdba) AS owner,
    pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
    to_jsonb(d) ->> 'datlocprovider' AS provider,
    COALESCE(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale,
    to_jsonb(d) ->> 'daticurules' AS "icuRules",
    CASE WHEN d.dattablespace <> t0.dattablespace THEN t.spcname END AS tablespace, d.datconnlimit AS "connectionLimit", d.datistemplate AS "isTemplate",
    shobj_description(d.oid, 'pg_database') AS comment,
    CASE WHEN d.datacl IS NOT NULL THEN COALESCE((
      SELECT json_agg(json_build_object(
        'grantee', CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
        'grantor', pg_get_userbyid(a.grantor), 'privilege', a.privilege_type, 'grantable', a.is_grantable))
      FROM aclexplode(d.datacl) a), '[]') END AS grants,
    COALESCE((
      SELECT json_agg(json_build_object('role', r.rolname, 'setting', c.setting) ORDER BY r.rolname, c.place)
      FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, 
        unnest(s.setconfig) WITH ORDINALITY AS c (setting, place)
      WHERE s.setdatabase = d.oid), '[]') AS settings,
    COALESCE((
      SELECT json_agg(json_build_object('provider', l.provider, 'label', l.label))
      FROM pg_shseclabel l WHERE l.classoid = 'pg_database'::regclass AND l.objoid = d.oid), '[]') AS labels
  FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace, pg_database t0
  WHERE d.datname = $1 AND t0.datname = 'template0'`;

/** Of one that this session has made. */
export async function readOwnDatabase(client: Client, name: string): Promise<DatabaseFacts> {
  return await oneRow<DatabaseFacts>(client, FACTS, [name]);
}

/** `undefined` when there is none. */
export async function readDatabase(client: Client, name: string): Promise<DatabaseFacts | undefined> {
  return (await client.query<DatabaseFacts>(FACTS, [name])).rows[0];
}
