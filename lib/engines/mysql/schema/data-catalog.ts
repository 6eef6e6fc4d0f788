import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { ServerFacts } from '../connection/server-facts.ts';
import { COLUMNS_SQL, KEYS_SQL, PARTITIONS_SQL, TABLES_SQL } from './catalog-sql.ts';

export interface Column {
  readonly name: string;
  /** As `DATA_TYPE` has it: `int`, `varchar`, `json`, … */
  readonly type: string;
  /** Of texts; `undefined` for bytes, numbers, times. */
  readonly charset: string | undefined;
  /** An ENUM with an empty member, which looks like the value of what once was none of its members. */
  readonly ambiguous: boolean;
  /** Its value comes from others, so it is in no INSERT. */
  readonly generated: boolean;
}

export interface KeyColumn {
  readonly name: string;
  readonly type: string;
  readonly charset: string | undefined;
  readonly descending: boolean;
}

/** A table with rows of its own, as information_schema knows it. */
export interface Table {
  readonly name: string;
  readonly kind: 'BASE TABLE' | 'SYSTEM VERSIONED' | 'SEQUENCE';
  readonly engine: string;
  /** Estimates. */
  readonly rows: number;
  /** Of the rows, without secondary indexes. */
  readonly bytes: number;
  readonly columns: readonly Column[];
  /** Columns of its primary key, or of the unique key in its place. */
  readonly primaryKey: readonly string[];
  /** Of `primaryKey`, the columns by which the table can be cut into ranges, in the order of the index. */
  readonly key: readonly KeyColumn[];
  /** The index of `primaryKey`. */
  readonly keyIndex: string | undefined;
  /** Of a system-versioned table. */
  readonly versioning: Versioning | undefined;
  /** Names of its partitions, of their subpartitions where there are; empty for a table without. */
  readonly partitions: readonly string[];
}

interface TableRow extends Pick<Table, 'name' | 'kind'> {
  readonly engine: string | null;
  readonly comment: string;
  readonly rows: number | string | null;
  readonly bytes: number | string | null;
}

interface ColumnRow extends Omit<Column, 'generated' | 'charset' | 'ambiguous'> {
  /** Such as `enum('a','b')`. */
  readonly full: string;
  readonly table: string;
  readonly charset: string | null;
  readonly extra: string;
  readonly expression: string | null;
  /** `PRI` for what rows are ordered by: the primary key, or in its absence the first unique one without NULLs. */
  readonly role: string;
}

interface KeyRow {
  readonly table: string;
  readonly index: string;
  /** `null` for an expression. */
  readonly column: string | null;
  readonly prefix: number | null;
  readonly order: string | null;
}

/** How the rows that are no more can be had. */
export interface Versioning {
  /** When a row began to be, and when it ended; `undefined` when a restore could not say so again. */
  readonly columns: readonly [began: string, ended: string] | undefined;
}

/** Tables and sequences of the connection's database, in their order by name. */
export async function readTables(session: MysqlSession): Promise<Table[]> {
  const tables = await session.query<TableRow>(TABLES_SQL);
  const columns = grouped(await session.query<ColumnRow>(COLUMNS_SQL));
  const keys = grouped(await session.query<KeyRow>(KEYS_SQL));
  const partitions = grouped(await session.query<{ table: string; name: string }>(PARTITIONS_SQL));
  return tables.map(({ name, kind, engine, rows, bytes, comment }) => {
    if (engine === null) throw unreadable(name, comment);
    const own = columns.get(name) ?? [];
    return {
      name,
      kind,
      engine,
      rows: Number(rows ?? 0),
      bytes: Number(bytes ?? 0),
      columns: own.map(columnOf),
      primaryKey: own.filter(({ role }) => role === 'PRI').map((column) => column.name),
      ...keyOf(own, keys.get(name) ?? []),
      versioning: kind === 'SYSTEM VERSIONED' ? versioningOf(own, session.server) : undefined,
      partitions: (partitions.get(name) ?? []).map((it) => it.name),
    };
  });
}

/** The server knows of it, and cannot open it. */
function unreadable(table: string, why: string): CofreError {
  return new CofreError('SOURCE_INVALID', `The table ${table} cannot be opened: ${why.replace(/\.$/, '')}.`, {
    hint: 'Repair it (CHECK TABLE, REPAIR TABLE), or drop it if nobody needs it: a backup without it would not be whole.',
  });
}

function grouped<Row extends { readonly table: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ table }) => table);
}

function columnOf({ name, type, full, charset, extra }: ColumnRow): Column {
  // "DEFAULT_GENERATED" is a default that is an expression.
  const generated = /\b(?:VIRTUAL|STORED|PERSISTENT) GENERATED\b/i.test(extra);
  const ambiguous = /^enum\((?:.*,)?''(?:,.*)?\)$/is.test(full);
  return { name, type: type.toLowerCase(), charset: charset ?? undefined, ambiguous, generated };
}

/** MariaDB that lets a session write history (knowledge base, "system_versioning_insert_history"). */
const HISTORY_SINCE = 101_100;

/** The columns may be hidden, and then have these names; those that count transactions cannot be written. */
function versioningOf(columns: readonly ColumnRow[], { number }: ServerFacts): Versioning {
  const named = (role: string) => columns.find(({ expression }) => expression === role);
  const [began, ended] = [named('ROW START'), named('ROW END')];
  const byTime = began?.type !== 'bigint' && number >= HISTORY_SINCE;
  return { columns: byTime ? [began?.name ?? 'row_start', ended?.name ?? 'row_end'] : undefined };
}

/** Types whose values compare as the index has them, and can be written as a literal that compares the same. */
const ORDERED =
  /^(?:tinyint|smallint|mediumint|int|bigint|decimal|char|varchar|binary|varbinary|date|datetime|timestamp|time|year|uuid|inet4|inet6)$/;

/**
 * The index whose columns are those marked `PRI`. Where one of them cannot be compared, what is before it can still cut
 * the table if it is integers, whose values need not be looked for row by row.
 */
function keyOf(columns: readonly ColumnRow[], parts: readonly KeyRow[]): Pick<Table, 'key' | 'keyIndex'> {
  const wanted = new Set(columns.filter(({ role }) => role === 'PRI').map(({ name }) => name));
  const indexes = [...Map.groupBy(parts, ({ index }) => index).values()];
  const found = indexes.find(
    (index) => index.length === wanted.size && index.every(({ column }) => wanted.has(column ?? '')),
  );
  const keyIndex = found?.[0]?.index;
  const key: KeyColumn[] = [];
  for (const part of found ?? []) {
    const column = keyColumn(part, columns);
    if (!column) return { key: leadingIntegers(key), keyIndex };
    key.push(column);
  }
  return { key, keyIndex };
}

function leadingIntegers(key: readonly KeyColumn[]): readonly KeyColumn[] {
  const other = key.findIndex(({ type }) => !INTEGER.test(type));
  return other < 0 ? key : key.slice(0, other);
}

export const INTEGER = /^(?:tinyint|smallint|mediumint|int|bigint)$/;

function keyColumn({ column, prefix, order }: KeyRow, columns: readonly ColumnRow[]): KeyColumn | undefined {
  const found = columns.find(({ name }) => name === column);
  const type = found?.type.toLowerCase() ?? '';
  if (!found || prefix !== null || !ORDERED.test(type)) return undefined;
  return { name: found.name, type, charset: found.charset ?? undefined, descending: order === 'D' };
}
