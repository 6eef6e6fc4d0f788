import type { Client } from 'pg';

export interface TableFacts {
  readonly name: string;
  readonly oid: number;
  /** As in pg_class.relkind. */
  readonly kind: string;
  /** Rows can go in frozen: those of partitioned tables go elsewhere, and those of extensions are not all ours. */
  readonly freezable: boolean;
  /** It and its partitions. */
  readonly oids: readonly number[];
  /** bytes. */
  readonly size: number;
}

const TABLES = `
  SELECT t AS name, c.oid, c.relkind AS kind, pg_relation_size(c.oid)::float8 AS size,
    ARRAY(SELECT c.oid UNION SELECT relid::oid FROM pg_partition_tree(c.oid)) AS oids,
    c.relkind = 'r' AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS freezable
  FROM unnest($1::text[]) t JOIN pg_class c ON c.oid = to_regclass(t)`;

/** What the server knows of tables, by their names as they are printed in the dump; of others, nothing. */
export async function readTables(
  client: Client,
  names: readonly string[],
): Promise<ReadonlyMap<string, TableFacts>> {
  const { rows } = await client.query<TableFacts>(TABLES, [[...new Set(names)]]);
  return new Map(rows.map((row) => [row.name, row]));
}
