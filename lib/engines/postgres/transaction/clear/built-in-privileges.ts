import type { PgSession } from '../../wire/connect.ts';
import { quoteIdent } from '../../wire/identifiers.ts';
import { runSql } from './run-sql.ts';

interface Granted {
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
}

interface Changed {
  readonly type: string;
  readonly identity: string;
  readonly column: string | null;
  readonly grantees: readonly string[];
  readonly wanted: readonly Granted[];
}

/**
 * What users granted on the server's own objects, and on those of extensions that stay, is in dumps, too, as the
 * difference to how they were made (`pg_init_privs`): it goes back to that. Of objects of other roles, what they
 * granted stays.
 */
export async function resetBuiltInPrivileges({ client }: PgSession): Promise<void> {
  const { rows } = await client.query<Changed>(CHANGED);
  await runSql(client, rows.flatMap(resetOne));
}

function resetOne({ type, identity, column, grantees, wanted }: Changed): string[] {
  const columns = column === null ? '' : ` (${quoteIdent(column)})`;
  const object = `${kindOf(type)} ${identity}`;
  return [
    ...grantees.map((grantee) => `REVOKE ALL${columns} ON ${object} FROM ${grantee} CASCADE`),
    ...wanted.map(
      ({ grantee, privilege, grantable }) =>
        `GRANT ${privilege}${columns} ON ${object} TO ${grantee}${grantable ? ' WITH GRANT OPTION' : ''}`,
    ),
  ];
}

/** What GRANT calls that which pg_identify_object names. */
function kindOf(type: string): string {
  if (/^(?:function|procedure|aggregate)$/.test(type)) return 'ROUTINE';
  if (/^(?:view|materialized view|foreign table|table column)$/.test(type)) return 'TABLE';
  if (type === 'foreign-data wrapper') return 'FOREIGN DATA WRAPPER';
  return type === 'server' ? 'FOREIGN SERVER' : type.toUpperCase();
}

/** Catalog, prefix of its columns, the kind for `acldefault` (manual, 9.26.2), and the schema. */
const CATALOGS: readonly (readonly [catalog: string, prefix: string, kind: string, schema: string])[] = [
  ['pg_proc', 'pro', "'f'", 'pronamespace'],
  ['pg_class', 'rel', "CASE relkind WHEN 'S' THEN 's' ELSE 'r' END", 'relnamespace'],
  ['pg_type', 'typ', "'T'", 'typnamespace'],
  ['pg_language', 'lan', "'l'", '0'],
  ['pg_namespace', 'nsp', "'n'", 'oid'],
  ['pg_foreign_data_wrapper', 'fdw', "'F'", '0'],
  ['pg_foreign_server', 'srv', "'S'", '0'],
];

const OBJECTS = CATALOGS.map(
  ([catalog, prefix, kind, schema]) => `
    SELECT '${catalog}'::regclass AS classid, oid, 0 AS subid, NULL AS "column", ${prefix}owner AS owner,
      ${prefix}acl AS acl, (${kind})::"char" AS kind, ${schema} AS schema FROM ${catalog} WHERE ${prefix}acl IS NOT NULL`,
);

const COLUMNS = `
  SELECT 'pg_class'::regclass, attrelid, attnum, attname::text, relowner, attacl, 'c', relnamespace
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE attacl IS NOT NULL`;

const SORTED = (acl: string) => `ARRAY(SELECT item::text FROM unnest(${acl}) AS item ORDER BY 1)`;
const ROLE = "CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END";

/**
 * The schema `public` is reset with its owner. What is in `information_schema` is granted after initdb has noted the
 * first grants, so nobody knows what they were; pg_dump leaves it out, too.
 */
const CHANGED = `
  WITH objects AS (${[...OBJECTS, COLUMNS].join(' UNION ALL ')}),
  known AS (
    SELECT o.*, COALESCE(p.initprivs, acldefault(o.kind, o.owner)) AS wanted
    FROM objects o LEFT JOIN pg_init_privs p ON p.classoid = o.classid AND p.objoid = o.oid AND p.objsubid = o.subid
    WHERE pg_has_role(o.owner, 'USAGE') AND NOT (o.classid = 'pg_namespace'::regclass AND o.oid = 2200)
      AND o.schema NOT IN (SELECT oid FROM pg_namespace WHERE nspname = 'information_schema')
      AND (o.oid < 16384 OR EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.deptype = 'e')))
  SELECT i.type, CASE i.type WHEN 'type' THEN i.schema || '.' || i.name ELSE i.identity END AS identity, k.column,
    ARRAY(SELECT DISTINCT ${ROLE} FROM aclexplode(k.acl)) AS grantees,
    COALESCE((SELECT jsonb_agg(jsonb_build_object('grantee', ${ROLE}, 'privilege', privilege_type, 'grantable', is_grantable))
      FROM aclexplode(k.wanted)), '[]') AS wanted
  FROM known k, pg_identify_object(k.classid, k.oid, 0) i
  WHERE ${SORTED('k.acl')} <> ${SORTED('k.wanted')}`;
