import type { PgSession } from '../../wire/connect.ts';
import { quoteIdent } from '../../wire/identifiers.ts';
import { CONTENTS } from './contents-sql.ts';
import { groupsOf, runSql } from './run-sql.ts';

interface Content {
  readonly type: string;
  readonly identity: string;
}

/** Kinds that DROP takes many of at once; the rest is rare. */
const LISTED = /^(?:TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|SEQUENCE|TYPE|ROUTINE|PROCEDURE)$/;
const AT_ONCE = 500;

/** Drops schemas with all that is in them. */
export async function dropSchemas({ client }: PgSession, schemas: readonly string[]): Promise<void> {
  const groups = groupsOf(schemas.map(quoteIdent), AT_ONCE);
  await runSql(
    client,
    groups.map((names) => `DROP SCHEMA IF EXISTS ${names.join(', ')} CASCADE`),
  );
}

/** Drops what is in schemas that stay, but for members of extensions. */
export async function emptySchemas({ client }: PgSession, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query<Content>(CONTENT_NAMES, [schemas]);
  const kinds = Map.groupBy(rows, ({ type }) => kindOf(type));
  for (const [kind, contents] of kinds) {
    const names = contents.map(({ identity }) => identity);
    const groups = groupsOf(names, LISTED.test(kind) ? AT_ONCE : 1);
    await runSql(
      client,
      groups.map((group) => `DROP ${kind} IF EXISTS ${group.join(', ')} CASCADE`),
    );
  }
}

/** With the modes of its arguments: types alone may also mean another procedure (manual, DROP PROCEDURE, Notes). */
const PROCEDURE =
  "(SELECT format('%I.%I(%s)', n.nspname, proname, pg_get_function_identity_arguments(o.oid)) FROM pg_proc WHERE oid = o.oid)";

/** Tables first: most of the rest goes with them. */
const CONTENT_NAMES = `
  SELECT i.type, CASE i.type WHEN 'procedure' THEN ${PROCEDURE} ELSE i.identity END AS identity
  FROM (${CONTENTS}) o JOIN pg_namespace n ON n.oid = o.namespace,
    pg_identify_object(o.classid, o.oid, 0) i
  WHERE n.nspname = ANY ($1)
  ORDER BY o.classid <> 'pg_class'::regclass, i.type <> 'table', o.classid, o.oid`;

/** pg_identify_object's words for what DROP calls otherwise. */
function kindOf(type: string): string {
  if (/^(?:function|aggregate)$/.test(type)) return 'ROUTINE';
  if (type === 'statistics object') return 'STATISTICS';
  return type === 'composite type' ? 'TYPE' : type.toUpperCase();
}
