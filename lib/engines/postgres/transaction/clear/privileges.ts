import type { PgSession } from '../../wire/connect.ts';
import { quoteIdent } from '../../wire/identifiers.ts';
import { oneRow, versionNumOf } from '../../wire/one-row.ts';
import { runSql } from './run-sql.ts';

interface DefaultAcl {
  readonly role: string;
  readonly schema: string | null;
  readonly type: keyof typeof TYPES;
  readonly grantees: readonly string[];
}

const GRANTEES = (acl: string) => `
  ARRAY(SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
    FROM aclexplode(${acl}))`;

const DEFAULTS = `
  SELECT quote_ident(pg_get_userbyid(d.defaclrole)) AS role, quote_ident(n.nspname) AS schema, d.defaclobjtype AS type,
    ${GRANTEES('d.defaclacl')} AS grantees
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace ORDER BY d.oid`;

/** `defaclobjtype` (manual, pg_default_acl), and what PUBLIC has by itself. */
const TYPES: Readonly<
  Record<'r' | 'S' | 'f' | 'T' | 'n' | 'L', { readonly name: string; readonly toPublic?: string }>
> = {
  r: { name: 'TABLES' },
  S: { name: 'SEQUENCES' },
  f: { name: 'FUNCTIONS', toPublic: 'EXECUTE' },
  T: { name: 'TYPES', toPublic: 'USAGE' },
  n: { name: 'SCHEMAS' },
  L: { name: 'LARGE OBJECTS' },
};

/** Default privileges as in a fresh database: once they are the built-in ones, the server forgets the entry. */
export async function resetDefaultPrivileges({ client }: PgSession): Promise<void> {
  const { rows } = await client.query<DefaultAcl>(DEFAULTS);
  await runSql(client, rows.flatMap(resetOne));
}

function resetOne({ role, schema, type, grantees }: DefaultAcl): string[] {
  const { name, toPublic } = TYPES[type];
  const alter = `ALTER DEFAULT PRIVILEGES FOR ROLE ${role}${schema ? ` IN SCHEMA ${schema}` : ''}`;
  const statements =
    grantees.length > 0 ? [`${alter} REVOKE ALL ON ${name} FROM ${grantees.join(', ')}`] : [];
  if (schema) return statements;
  statements.push(`${alter} GRANT ALL ON ${name} TO ${role}`);
  if (toPublic) statements.push(`${alter} GRANT ${toPublic} ON ${name} TO PUBLIC`);
  return statements;
}

interface SchemaState {
  readonly name: string;
  readonly owner: string;
  readonly own: boolean;
  readonly grantees: readonly string[];
  readonly comment: string | null;
  readonly acl: string | null;
}

const STATE = `
  SELECT quote_ident(n.nspname) AS name, pg_get_userbyid(n.nspowner) AS owner, pg_has_role(n.nspowner, 'USAGE') AS own,
    obj_description(n.oid, 'pg_namespace') AS comment, n.nspacl::text AS acl, ${GRANTEES('n.nspacl')} AS grantees
  FROM pg_namespace n WHERE n.nspname = ANY ($1)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')`;

/** Schemas that stay for their extensions lose what was granted on them; the dump grants it again. */
export async function resetSchemas({ client }: PgSession, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query<SchemaState>(STATE, [schemas.filter((name) => name !== 'public')]);
  const own = rows.filter((schema) => schema.own && (schema.acl ?? schema.comment) !== null);
  await runSql(
    client,
    own.flatMap(({ name, owner, grantees }) => [
      `REVOKE ALL ON SCHEMA ${name} FROM ${[...grantees, 'PUBLIC'].join(', ')}`,
      `GRANT ALL ON SCHEMA ${name} TO ${quoteIdent(owner)}`,
      `COMMENT ON SCHEMA ${name} IS NULL`,
    ]),
  );
}

const COMMENT = 'standard public schema';

/** The schema `public` as initdb makes it, which is otherwise since 15 (manual, 5.9.6 "Usage Patterns"). */
export async function resetPublic(session: PgSession, warn: (warning: string) => void): Promise<void> {
  const { client } = session;
  const version = await versionNumOf(client);
  await client.query('CREATE SCHEMA IF NOT EXISTS public');
  const { rows } = await client.query<SchemaState>(STATE, [['public']]);
  const state = rows[0];
  if (!state) return;
  const owner = version >= 150_000 ? 'pg_database_owner' : await bootstrapSuperuser(session);
  const toPublic = version >= 150_000 ? 'USAGE' : 'ALL';
  const fresh = `{${owner}=UC/${owner},=${version >= 150_000 ? 'U' : 'UC'}/${owner}}`;
  if (state.owner === owner && state.acl === fresh && state.comment === COMMENT) return;
  if (!state.own || !(await isMember(session, owner))) {
    warn('The schema public keeps its owner and grants: they are not those of the role that restores.');
    return;
  }
  await runSql(client, [
    `ALTER SCHEMA public OWNER TO ${quoteIdent(owner)}`,
    ...(state.grantees.length > 0 ? [`REVOKE ALL ON SCHEMA public FROM ${state.grantees.join(', ')}`] : []),
    `REVOKE ALL ON SCHEMA public FROM ${quoteIdent(owner)}, PUBLIC`,
    `GRANT ALL ON SCHEMA public TO ${quoteIdent(owner)}`,
    `GRANT ${toPublic} ON SCHEMA public TO PUBLIC`,
    `COMMENT ON SCHEMA public IS '${COMMENT}'`,
  ]);
}

async function bootstrapSuperuser({ client }: PgSession): Promise<string> {
  return (await oneRow<{ name: string }>(client, 'SELECT pg_get_userbyid(10) AS name')).name;
}

async function isMember({ client }: PgSession, role: string): Promise<boolean> {
  const sql = "SELECT pg_has_role($1::name, 'USAGE') AS yes";
  return (await oneRow<{ yes: boolean }>(client, sql, [role])).yes;
}
