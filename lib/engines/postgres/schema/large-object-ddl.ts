import type { Client } from 'pg';
import { printedIdent } from './names.ts';

/** What there is of large objects besides their contents: pg_dump writes it with the data, so it is ours. */
export interface LargeObjectDdl {
  /** Makes them, with owners, comments and labels. */
  readonly preData: string;
  /** Their rights; an owner without UPDATE could not put contents in. */
  readonly postData: string;
}

interface ObjectRow {
  readonly oid: string;
  readonly owner: string;
  readonly comment: string | null;
  readonly labels: readonly { provider: string; label: string }[] | null;
  readonly acl: readonly Grant[] | null;
}

interface Grant {
  readonly grantor: string;
  /** `null`: everybody. */
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

export async function largeObjectDdl(client: Client): Promise<LargeObjectDdl> {
  const { rows } = await client.query<ObjectRow>(OBJECTS);
  return { preData: rows.map(creation).join(''), postData: rows.map(rights).join('') };
}

const OBJECTS = `
  SELECT m.oid::text, pg_get_userbyid(m.lomowner) AS owner, obj_description(m.oid, 'pg_largeobject') AS comment,
    (SELECT json_agg(json_build_object('provider', s.provider, 'label', s.label) ORDER BY s.provider)
     FROM pg_seclabel s WHERE s.classoid = 'pg_largeobject'::regclass AND s.objoid = m.oid) AS labels,
    (SELECT json_agg(json_build_object('grantor', pg_get_userbyid(a.grantor), 'privilege', a.privilege,
       'grantee', CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END, 'grantable', a.grantable) ORDER BY a.n)
     FROM aclexplode(m.lomacl) WITH ORDINALITY AS a (grantor, grantee, privilege, grantable, n)) AS acl
  FROM pg_largeobject_metadata m ORDER BY m.oid`;

function creation({ oid, owner, comment, labels }: ObjectRow): string {
  const lines = [
    `SELECT pg_catalog.lo_create('${oid}');`,
    `ALTER LARGE OBJECT ${oid} OWNER TO ${printedIdent(owner)};`,
    ...(comment === null ? [] : [`COMMENT ON LARGE OBJECT ${oid} IS ${literal(comment)};`]),
    ...(labels ?? []).map(
      ({ provider, label }) =>
        `SECURITY LABEL FOR ${printedIdent(provider)} ON LARGE OBJECT ${oid} IS ${literal(label)};`,
    ),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** From what a new object has, all for its owner, to what this one has; in the order in which it was granted. */
function rights({ oid, owner, acl }: ObjectRow): string {
  if (acl === null) return '';
  const whole = isWhole(acl.filter((it) => isOwners(it, owner)));
  const lines = [
    ...(whole ? [] : [`REVOKE ALL ON LARGE OBJECT ${oid} FROM ${printedIdent(owner)};`]),
    ...acl.filter((it) => !(whole && isOwners(it, owner))).map((it) => grant(oid, owner, it)),
  ];
  return lines.length > 0 ? `${lines.join('\n')}\n\n` : '';
}

function isOwners({ grantee, grantor, grantable }: Grant, owner: string): boolean {
  return grantee === owner && grantor === owner && !grantable;
}

function isWhole(grants: readonly Grant[]): boolean {
  return grants.length === 2;
}

function grant(oid: string, owner: string, { grantor, grantee, privilege, grantable }: Grant): string {
  const who = grantee === null ? 'PUBLIC' : printedIdent(grantee);
  const option = grantable ? ' WITH GRANT OPTION' : '';
  const sql = `GRANT ${privilege} ON LARGE OBJECT ${oid} TO ${who}${option};`;
  if (grantor === owner) return sql;
  return `SET SESSION AUTHORIZATION ${printedIdent(grantor)};\n${sql}\nRESET SESSION AUTHORIZATION;`;
}

/** The dump has `standard_conforming_strings` on. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
