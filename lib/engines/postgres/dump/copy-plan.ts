import type { TableData } from '../schema/data-catalog.ts';
import { printedIdent, printedName } from '../schema/names.ts';
import type { SizedTable, TableSize } from '../schema/sizes.ts';
import { quoteIdent } from '../wire/identifiers.ts';

/** Rows that one COPY gives: a table, or a range of its pages. */
export interface CopyTask {
  /** The table as printed after COPY in the dump. */
  readonly table: string;
  /** The table that is locked and read, as SQL. */
  readonly source: string;
  /** `COPY … TO STDOUT`. */
  readonly sql: string;
  /** `COPY … FROM stdin;\n`, the first line of each of its frames. */
  readonly header: string;
  /** Makes a frame even when it has no rows, so that every table has one. */
  readonly first: boolean;
  /** Its share of the database, bytes. */
  readonly size: number;
}

/** Tables over `RANGE` bytes, out-of-line values included, are read in ranges of pages that hold about as much. */
const RANGE = 8 * 1024 * 1024;

/** Ranges of a table at most: each takes some memory. */
const MOST = 10_000;

/** Each table's ranges in order; largest first, so that no connection is left alone with a large one at the end. */
export function planCopies(tables: readonly SizedTable[]): CopyTask[][] {
  return tables
    .toSorted((a, b) => b.size.bytes - a.size.bytes)
    .map(({ table, size }) => tasksOf(table, size));
}

function tasksOf(table: TableData, { pages, bytes }: TableSize): CopyTask[] {
  const wanted = Math.min(pages, MOST, Math.ceil(bytes / RANGE));
  const common = commonOf(table);
  if (!canSplit(table) || bytes <= RANGE || wanted <= 1) {
    return [{ ...common, sql: copyWhole(table), first: true, size: bytes }];
  }
  const step = Math.ceil(pages / wanted);
  const ranges = Math.ceil(pages / step);
  return Array.from({ length: ranges }, (_, n) => ({
    ...common,
    sql: copyRange(table, n * step, n === ranges - 1 ? undefined : (n + 1) * step),
    first: n === 0,
    size: Math.floor((bytes * (n + 1)) / ranges) - Math.floor((bytes * n) / ranges),
  }));
}

/** Tables read in one go at most, and their bytes: a round trip and a savepoint cost as much as a small table. */
const GROUP = 32;
const GROUP_BYTES = 1024 * 1024;

/** Neighbours that are small go together. */
export function* grouped(tasks: readonly CopyTask[]): Generator<CopyTask[]> {
  let group: CopyTask[] = [];
  let bytes = 0;
  for (const task of tasks) {
    if (group.length > 0 && (group.length === GROUP || bytes + task.size > GROUP_BYTES)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(task);
    bytes += task.size;
  }
  if (group.length > 0) yield group;
}

/** Row addresses mean pages only in the heap. */
function canSplit({ accessMethod, condition, columns }: TableData): boolean {
  return accessMethod === 'heap' && condition === undefined && columns.length > 0;
}

/** As pg_dump prints it, to the second blank of a table without columns. */
function commonOf(table: TableData): Pick<CopyTask, 'table' | 'source' | 'header'> {
  const { schema, name } = table.root ?? table;
  const printed = printedName(schema, name);
  const columns = table.columns.length > 0 ? `(${table.columns.map(printedIdent).join(', ')})` : '';
  return { table: printed, source: sqlName(table), header: `COPY ${printed} ${columns} FROM stdin;\n` };
}

function copyWhole(table: TableData): string {
  const { columns, condition } = table;
  const list = columns.map(quoteIdent).join(', ');
  // As pg_dump: of the table and what inherits from it, where the extension asks for a choice of rows.
  if (condition !== undefined)
    return `COPY (SELECT ${list || '*'} FROM ${sqlName(table)} ${condition}) TO STDOUT`;
  return `COPY ${sqlName(table)} ${list && `(${list})`} TO STDOUT`;
}

/** Pages from `from` to before `to`; the last range is open, as the table may have grown since its size was asked. */
function copyRange(table: TableData, from: number, to: number | undefined): string {
  const columns = table.columns.map(quoteIdent).join(', ');
  const below = to === undefined ? '' : ` AND ctid < '(${to},0)'::tid`;
  return `COPY (SELECT ${columns} FROM ONLY ${sqlName(table)} WHERE ctid >= '(${from},0)'::tid${below}) TO STDOUT`;
}

function sqlName({ schema, name }: TableData): string {
  return `${quoteIdent(schema)}.${quoteIdent(name)}`;
}
