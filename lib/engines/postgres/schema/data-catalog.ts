import type { Client } from 'pg';
import { CATALOG_SQL, PARTITIONED_SQL, SEQUENCES_SQL } from './catalog-sql.ts';
import { type LargeObjectDdl, largeObjectDdl } from './large-object-ddl.ts';

/** A table whose rows go into the dump, as the snapshot knows it. */
export interface TableData {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** In their order, without dropped and generated ones; may be empty. */
  readonly columns: readonly string[];
  /** `WHERE …`: the rows of an extension's table that are the user's (`extcondition`). */
  readonly condition: string | undefined;
  /** The rows must go in through this table: the partition they belong to may be another one after a restore. */
  readonly root: { readonly schema: string; readonly name: string } | undefined;
  /** File of the rows in the snapshot; another one later means that the table was rewritten or emptied. */
  readonly filenode: number;
  readonly pages: number;
  readonly accessMethod: string;
}

export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/** What pg_dump leaves to us: everything that it would write with `--section=data`. */
export interface DataCatalog {
  readonly tables: readonly TableData[];
  /** Their rows are those of their partitions. */
  readonly partitioned: readonly QualifiedName[];
  readonly sequences: readonly (QualifiedName & { readonly oid: number })[];
  readonly largeObjects: LargeObjectDdl;
  /** Tables whose rows are not in the dump, though they are in the database or seem to be. */
  readonly foreign: readonly QualifiedName[];
  readonly skippedUnlogged: readonly QualifiedName[];
}

interface TableRow extends Omit<TableData, 'condition' | 'root'> {
  readonly kind: 'r' | 'f';
  readonly skipped: boolean;
  readonly condition: string | null;
  readonly rootSchema: string | null;
  readonly rootName: string | null;
}

/** Reads which tables and sequences carry data, in a few queries whatever their number. */
export async function readCatalog(client: Client): Promise<DataCatalog> {
  const { rows } = await client.query<TableRow>(CATALOG_SQL);
  const partitioned = await client.query<QualifiedName>(PARTITIONED_SQL);
  const sequences = await client.query<QualifiedName & { oid: number }>(SEQUENCES_SQL);
  return {
    tables: rows.filter(({ kind, skipped }) => kind === 'r' && !skipped).map(tableOf),
    partitioned: partitioned.rows,
    sequences: sequences.rows,
    largeObjects: await largeObjectDdl(client),
    foreign: rows.filter(({ kind }) => kind === 'f'),
    skippedUnlogged: rows.filter(({ skipped }) => skipped),
  };
}

function tableOf({ condition, rootSchema, rootName, ...table }: TableRow): TableData {
  const root = rootSchema === null || rootName === null ? undefined : { schema: rootSchema, name: rootName };
  return { ...table, condition: condition ?? undefined, root };
}
