import type { PgSession } from '../wire/connect.ts';
import type { LivePart } from './live-set.ts';

/** Materialized views that read the tables, directly or through other views. */
const MATERIALIZED = `
  WITH RECURSIVE reads AS (
    SELECT unnest($1::oid[]) AS oid
    UNION SELECT ev_class FROM reads JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = reads.oid
      AND classid = 'pg_rewrite'::regclass JOIN pg_rewrite w ON w.oid = objid)
  SELECT format('%I.%I', n.nspname, c.relname) AS shown FROM reads JOIN pg_class c USING (oid)
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'm' ORDER BY shown`;

export async function staleViews({ client }: PgSession, parts: readonly LivePart[]): Promise<string[]> {
  const { rows } = await client.query<{ shown: string }>(MATERIALIZED, [parts.map(({ oid }) => oid)]);
  return rows.map(
    ({ shown }) =>
      `The materialized view ${shown} still shows the rows of before: REFRESH MATERIALIZED VIEW ${shown}.`,
  );
}
