import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { boundaries } from '../rows/boundaries.ts';
import { type KeyTuple, keyOrder } from '../rows/key-text.ts';
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
  // A partition of a system-versioned table may be its history, which is then taken for rows that are.
  if (table.partitions.length > 0 && !table.versioning) yield* byPartition(shape);
  else if (!canSplit(table, range))
    yield { shape, table: table.name, sql: wholeTable(shape), size: table.bytes };
  else yield* byRange(session, shape, range);
}

function canSplit({ engine, bytes, rows, key }: Table, range: number): boolean {
  return CLUSTERED.includes(engine) && bytes > 2 * range && rows > 1 && key.length > 0;
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

async function* byRange(session: MysqlSession, shape: TableShape, range: number): AsyncGenerator<SelectTask> {
  const { table } = shape;
  const ranges = Math.min(MOST, Math.ceil(table.bytes / range));
  const rows = Math.max(1, Math.ceil(table.rows / ranges));
  let from: KeyTuple | undefined;
  let left = table.bytes;
  for await (const boundary of boundaries(session, table, rows)) {
    const size = Math.min(left, Math.round((table.bytes * boundary.rows) / table.rows));
    left -= size;
    yield rangeTask(shape, from, boundary.tuple, size);
    from = boundary.tuple;
  }
  yield rangeTask(shape, from, undefined, left);
}

function rangeTask(
  shape: TableShape,
  from: KeyTuple | undefined,
  to: KeyTuple | undefined,
  size: number,
): SelectTask {
  const { table, select, history } = shape;
  const condition = rangeCondition(table.key, { from, to });
  const where = condition === '' ? '' : ` WHERE ${condition}`;
  const index = `FORCE INDEX (${quoteIdent(table.keyIndex!)})`;
  const sql = `${select}${history} ${index}${where} ${keyOrder(table.key)}`;
  return { shape, table: table.name, sql, size };
}
