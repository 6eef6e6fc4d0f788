import type { PgSession } from '../connect.ts';
import { runSql } from './run-sql.ts';

interface Changed {
  /** As GRANT names it: `TABLE pg_catalog.pg_authid`. */
  readonly object: string;
  /** `(column)`, or nothing. */
  readonly column: string;
  /** Everybody who has a right on it now. */
  readonly grantees: readonly string[];
  readonly initial: readonly {
    readonly privilege: string;
    readonly grantee: string;
    readonly option: boolean;
  }[];
}

/**
 * Grants on what the server itself brings, back to those of initdb (manual, pg_init_privs): pg_dump writes what differs
 * from them. Only a superuser can change them, or can have.
 */
export async function resetSystemPrivileges(
  { client }: PgSession,
  warn: (warning: string) => void,
): Promise<void> {
  const { rows } = await client.query<Changed>(CHANGED);
  if (rows.length === 0) return;
  const role = await client.query('SELECT rolsuper AS yes FROM pg_roles WHERE rolname = current_user');
  if (role.rows[0].yes) await runSql(client, rows.flatMap(resetOne));
  else
    warn(
      `Grants on objects of the server stay as they are (${rows[0]!.object}): only a superuser may reset them.`,
    );
}

function resetOne({ object, column, grantees, initial }: Changed): string[] {
  const revoke = `REVOKE ALL ${column} ON ${object} FROM ${grantees.join(', ')} CASCADE`;
  const grants = initial.map(
    ({ privilege, grantee, option }) =>
      `GRANT ${privilege} ${column} ON ${object} TO ${grantee}${option ? ' WITH GRANT OPTION' : ''}`,
  );
  return grantees.length > 0 ? [revoke, ...grants] : grants;
}

/** Objects that initdb made have numbers below this one (FirstNormalObjectId in access/transam.h). */
const FIRST_OF_USERS = 16_384;

const OBJECTS = `
  SELECT 'pg_proc'::regclass AS class, oid, 0 AS sub, 'ROUTINE ' || oid::regprocedure AS object, '' AS "column",
    proacl AS acl, acldefault('f', proowner) AS usual FROM pg_proc
  UNION ALL
  SELECT 'pg_class'::regclass, oid, 0, 'TABLE ' || oid::regclass, '', relacl, acldefault('r', relowner) FROM pg_class
  WHERE relkind IN ('r', 'v', 'm', 'S', 'p', 'f')
  UNION ALL
  SELECT 'pg_class'::regclass, attrelid, attnum, 'TABLE ' || attrelid::regclass, '(' || quote_ident(attname) || ')',
    attacl, '{}'::aclitem[] FROM pg_attribute WHERE attacl IS NOT NULL
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 0, 'LANGUAGE ' || quote_ident(lanname), '', lanacl, acldefault('l', lanowner)
  FROM pg_language
  UNION ALL
  SELECT 'pg_type'::regclass, oid, 0, 'TYPE ' || oid::regtype, '', typacl, acldefault('T', typowner) FROM pg_type
  UNION ALL
  SELECT 'pg_namespace'::regclass, oid, 0, 'SCHEMA ' || quote_ident(nspname), '', nspacl, acldefault('n', nspowner)
  FROM pg_namespace WHERE nspname <> 'public'`;

const ITEMS = (acl: string) =>
  `ARRAY(SELECT (grantor, grantee, privilege_type, is_grantable)::text FROM aclexplode(${acl}) ORDER BY 1)`;
const GRANTEE = `CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END`;

const CHANGED = `
  SELECT o.object, o."column", ARRAY(SELECT DISTINCT ${GRANTEE} FROM aclexplode(coalesce(o.acl, o.usual))) AS grantees,
    ARRAY(SELECT json_build_object('privilege', privilege_type, 'grantee', ${GRANTEE}, 'option', is_grantable)
      FROM aclexplode(coalesce(i.initprivs, o.usual))) AS initial
  FROM (${OBJECTS}) o
    LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.sub
  WHERE o.oid < ${FIRST_OF_USERS} AND (o.acl IS NOT NULL OR i.initprivs IS NOT NULL)
    AND ${ITEMS('coalesce(o.acl, o.usual)')} <> ${ITEMS('coalesce(i.initprivs, o.usual)')}
  ORDER BY o.class, o.oid, o.sub`;
