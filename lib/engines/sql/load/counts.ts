import type { Expected, LoadResult, TableCount } from '../../engine.ts';
import { notAsExpected } from './not-as-expected.ts';

/** Rows that went into each table, and the bytes of the dump that were read. */
export interface Counts {
  add(table: string, rows: number): void;
  readonly rows: number;
  readonly tables: readonly TableCount[];
}

export function counts(): Counts {
  const found = new Map<string, number>();
  let total = 0;
  return {
    add: (table, rows) => {
      found.set(table, (found.get(table) ?? 0) + rows);
      total += rows;
    },
    get rows() {
      return total;
    },
    get tables() {
      return [...found].map(([name, rows]) => ({ name, rows })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

/** @throws {CofreError} `BACKUP_DAMAGED` when size, tables or rows are others than the manifest's. */
export function requireExpected({ tables }: Counts, bytes: number, expected: Expected | undefined): void {
  if (!expected) return;
  const differences = [
    ...(bytes === expected.rawSize ? [] : [`it has ${bytes} bytes instead of ${expected.rawSize}`]),
    ...missing(
      expected.tables,
      tables,
      (name, rows, n) => `table ${name} has ${n ?? 'no'} rows instead of ${rows}`,
    ),
    ...missing(tables, expected.tables, (name, _, n) =>
      n === undefined ? `table ${name} is not in it` : '',
    ),
  ];
  if (differences.length > 0) throw notAsExpected(differences);
}

function missing(
  wanted: readonly TableCount[],
  there: readonly TableCount[],
  tell: (name: string, rows: number, found: number | undefined) => string,
): string[] {
  const rows = new Map(there.map((table) => [table.name, table.rows]));
  const wrong = wanted.filter((table) => rows.get(table.name) !== table.rows);
  return wrong.map((table) => tell(table.name, table.rows, rows.get(table.name))).filter(Boolean);
}

export function resultOf({ tables, rows }: Counts, warnings: readonly string[]): LoadResult {
  return { tables, rows, warnings };
}
