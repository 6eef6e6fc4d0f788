import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { boundaries } from '../rows/boundaries.ts';
import { type KeyTuple, keyOrder, type RangeKey } from '../rows/key-text.ts';
import { rangeCondition } from '../rows/range-condition.ts';
import type { SelectTask, TableShape } from '../rows/select-task.ts';
import type { Table } from '../schema/data-catalog.ts';
import { CLUSTERED } from '../schema/engines.ts';

/** Tables of more than two ranges are read in ranges of their key, which hold about so many bytes. */
export const RANGE = 8 * 1024 * 1024;

/** Ranges of a table at most: each takes some memory. */
const MOST = 10_000;

/**
 * How the rows of a table are read: by partition, in ranges of its key, or at once; in the order of its rows. Ranges
 * are found while the first ones are read.
 */
export async function* planReads(
  session: MysqlSession,
  shape: TableShape,
  range = RANGE,
): AsyncGenerator<SelectTask> {
  const { table } = shape;
  const key = rangeKey(table, range);
  // A partition of a system-versioned table may be its history, which is then taken for rows that are.
  if (table.partitions.length > 0 && !table.versioning) yield* byPartition(shape);
  else if (key) yield* byRange(session, shape, key, range);
  else yield { shape, table: table.name, sql: wholeTable(shape), size: table.bytes };
}

/** What the table is cut by; `undefined` for one that cannot be cut, or is too small to. */
function rangeKey({ engine, bytes, rows, key, keyIndex }: Table, range: number): RangeKey | undefined {
  const isLarge = bytes > 2 * range && rows > 1;
  if (!CLUSTERED.includes(engine) || !isLarge || key.length === 0) return undefined;
  return keyIndex === undefined ? undefined : { index: keyIndex, columns: key };
}

function* byPartition(shape: TableShape): Generator<SelectTask> {
  const { name, partitions, bytes } = shape.table;
  for (const [n, partition] of partitions.entries()) {
    const sql = `${shape.select} PARTITION (${quoteIdent(partition)})`;
    yield { shape, table: name, sql, size: share(bytes, n, partitions.length) };
  }
}

function share(bytes: number, n: number, of: number): number {
  return Math.floor((bytes * (n + 1)) / of) - Math.floor((bytes * n) / of);
}

/** By its key, so that a covering index is not taken for it, whose order is another. */
function wholeTable({ select, history, table }: TableShape): string {
  const { engine, key, primaryKey, keyIndex } = table;
  const ordered = CLUSTERED.includes(engine) && key.length === primaryKey.length && keyIndex !== undefined;
  if (!ordered) return `${select}${history}`;
  return `${select}${history} FORCE INDEX (${quoteIdent(keyIndex)}) ${keyOrder(key)}`;
}

async function* byRange(
  session: MysqlSession,
  shape: TableShape,
  key: RangeKey,
  range: number,
): AsyncGenerator<SelectTask> {
  const { table } = shape;
  const ranges = Math.min(MOST, Math.ceil(table.bytes / range));
  const rows = Math.max(1, Math.ceil(table.rows / ranges));
  let from: KeyTuple | undefined;
  let left = table.bytes;
  for await (const boundary of boundaries(session, table.name, key, rows)) {
    const size = Math.min(left, Math.round((table.bytes * boundary.rows) / table.rows));
    left -= size;
    yield rangeTask(shape, key, from, boundary.tuple, size);
    from = boundary.tuple;
  }
  yield rangeTask(shape, key, from, undefined, left);
}

function rangeTask(
  shape: TableShape,
  { index, columns }: RangeKey,
  from: KeyTuple | undefined,
  to: KeyTuple | undefined,
  size: number,
): SelectTask {
  const { table, select, history } = shape;
  const condition = rangeCondition(columns, { from, to });
  const where = condition === '' ? '' : ` WHERE ${condition}`;
  const sql = `${select}${history} FORCE INDEX (${quoteIdent(index)})${where} ${keyOrder(columns)}`;
  return { shape, table: table.name, sql, size };
}
