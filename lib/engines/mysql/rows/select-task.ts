import type { ReadTask } from '../../sql/dump/progress.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { Column, Table } from '../schema/data-catalog.ts';
import { selected, valueKind } from './value-kinds.ts';

/** How rows of one table are read and written. */
export interface TableShape {
  readonly table: Table;
  /** The columns that have values of their own. */
  readonly columns: readonly Column[];
  /** Of each column; see `value-kinds.ts`. */
  readonly kinds: Uint8Array;
  /** `INSERT INTO … VALUES\n`, before the rows of every statement. */
  readonly header: Buffer;
  /** `SELECT … FROM t`, to be followed by a partition, `history`, an index, what chooses rows. */
  readonly select: string;
  /** Of system-versioned tables, the rows of all times. */
  readonly history: string;
}

/** Rows that one SELECT gives: a table, or a part of it. */
export interface SelectTask extends ReadTask {
  readonly shape: TableShape;
  readonly sql: string;
}

export function shapeOf(table: Table): TableShape {
  const times = table.versioning?.columns ?? [];
  const columns = [
    ...table.columns.filter(({ generated }) => !generated),
    ...times.map((name) => ({
      name,
      type: 'timestamp',
      charset: undefined,
      ambiguous: false,
      generated: false,
    })),
  ];
  const names = columns.map(({ name }) => quoteIdent(name)).join(', ');
  // A table whose columns are all generated has rows nevertheless.
  const expressions = columns.length > 0 ? columns.map(selected).join(', ') : '1';
  const name = quoteIdent(table.name);
  return {
    table,
    columns,
    kinds: Uint8Array.from(columns, valueKind),
    header: Buffer.from(`INSERT INTO ${name} (${names}) VALUES\n`),
    select: `SELECT ${expressions} FROM ${name}`,
    history: times.length > 0 ? ' FOR SYSTEM_TIME ALL' : '',
  };
}
