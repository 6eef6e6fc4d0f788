import type { Client } from 'pg';
import { CofreError } from '../../../errors.ts';
import { isServerError } from '../wire/failures.ts';
import type { TableData } from './data-catalog.ts';
import { printedName } from './names.ts';

export interface TableSize {
  /** Of the table itself. */
  readonly pages: number;
  /** With the values that it keeps out of line. */
  readonly bytes: number;
}

interface SizeRow {
  readonly oid: number;
  readonly filenode: number | null;
  readonly bytes: string;
  readonly toast: string;
}

export interface SizedTable {
  readonly table: TableData;
  readonly size: TableSize;
}

/** Bytes of a page, unless the server was built otherwise; only a guess is made of it. */
const PAGE = 8_192;

/**
 * Asks how large the tables are, and makes sure that each is still the file that the snapshot knows: TRUNCATE and an
 * ALTER TABLE that rewrites are not seen by older snapshots as they should be (manual, 13.6 "Caveats"), so one that
 * came between our snapshot and our locks would give an empty table. To be called when the locks are held, in a
 * transaction on the snapshot.
 * @throws {CofreError} `SOURCE_BUSY`
 */
export async function readSizes(client: Client, tables: readonly TableData[]): Promise<SizedTable[]> {
  await client.query('SAVEPOINT sizes');
  try {
    const { rows } = await client.query<SizeRow>({ text: SIZES, values: [tables.map(({ oid }) => oid)] });
    return sameFiles(tables, rows).map(({ table, row }) => ({ table, size: sizeOf(row) }));
  } catch (error) {
    // Another session waits for a stronger lock, and we would have to wait behind it: the statistics must do.
    if (!isServerError(error) || error.code !== '55P03') throw error;
    await client.query('ROLLBACK TO SAVEPOINT sizes');
    return await estimated(client, tables);
  }
}

async function estimated(client: Client, tables: readonly TableData[]): Promise<SizedTable[]> {
  const { rows } = await client.query<Omit<SizeRow, 'bytes' | 'toast'>>({
    text: FILES,
    values: [tables.map(({ oid }) => oid)],
  });
  return sameFiles(tables, rows).map(({ table }) => ({
    table,
    size: { pages: table.pages, bytes: Math.max(0, table.pages) * PAGE },
  }));
}

/** Neither waits for a lock nor keeps one. */
const FILES = 'SELECT oid, pg_relation_filenode(oid) AS filenode FROM unnest($1::oid[]) AS oid';

const SIZES = `
  SELECT c.oid, pg_relation_filenode(c.oid) AS filenode, COALESCE(pg_relation_size(c.oid), 0) AS bytes,
    CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE COALESCE(pg_relation_size(c.reltoastrelid), 0) END AS toast
  FROM pg_class c WHERE c.oid = ANY ($1::oid[])`;

function sizeOf({ bytes, toast }: SizeRow): TableSize {
  return { pages: Math.floor(Number(bytes) / PAGE), bytes: Number(bytes) + Number(toast) };
}

/** Each table with what the server says of it now. */
function sameFiles<Row extends Pick<SizeRow, 'oid' | 'filenode'>>(
  tables: readonly TableData[],
  rows: readonly Row[],
): { readonly table: TableData; readonly row: Row }[] {
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  return tables.map((table) => {
    const row = byOid.get(table.oid);
    if (!row || (table.filenode !== 0 && row.filenode !== table.filenode)) throw changed(table);
    return { table, row };
  });
}

function changed({ schema, name }: TableData): CofreError {
  return new CofreError(
    'SOURCE_BUSY',
    `The table ${printedName(schema, name)} was emptied, rewritten or dropped just as the backup began.`,
    { hint: 'Try again when nobody alters tables.' },
  );
}
