import type { PgSession } from '../wire/connect.ts';

/** Ordinary tables that this very transaction has made, as the server prints their names. */
const MADE = `
  SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.xmin::text = (pg_catalog.pg_current_xact_id()::text::numeric % 4294967296)::text`;

/**
 * Tables whose rows may go in frozen. One whose name pg_dump prints otherwise is merely not among them.
 * The condition of the manual, made or emptied in this transaction, holds for all that have their row of pg_class from
 * it, as everything else was dropped before.
 */
export async function freezable({ client }: PgSession): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(MADE);
  return new Set(rows.map(({ name }) => name));
}
