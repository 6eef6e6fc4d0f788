import { known } from '../../../known.ts';
import type { EngineContext, RawFrame, TableCount } from '../../engine.ts';

/** A table, or a part of it, that is read in one go. */
export interface ReadTask {
  /** The table as printed in the dump. */
  readonly table: string;
  /** Its share of the database, bytes. */
  readonly size: number;
}

export interface DumpProgress {
  onDone(task: ReadTask, rows: number): void;
  onFrame(frame: RawFrame): void;
  /**
   * Rows by table, as the server counted them; tables in their order by name.
   * @throws when the frames did not hold as many rows
   */
  end(): TableCount[];
}

/**
 * Bytes are those that the tables take in the database, so that they add up to its total: a table's, or a range's,
 * count when it is read. What the server's text is worth in bytes is not known before.
 */
export function dumpProgress(tasks: readonly ReadTask[], report: EngineContext['report']): DumpProgress {
  const rows = new Map(tasks.map(({ table }) => [table, 0]));
  const totalBytes = tasks.reduce((sum, { size }) => sum + size, 0);
  let bytes = 0;
  let taken = 0;
  return {
    onDone: ({ table, size }, count) => {
      rows.set(table, known(rows.get(table), `The task of the table ${table}`) + count);
      bytes += size;
    },
    onFrame: (frame) => {
      taken += frame.rows;
      const table = frame.table === undefined ? {} : { table: frame.table };
      report({ phase: 'dump', ...table, rows: taken, bytes, totalBytes });
    },
    end: () => {
      const tables = countsOf(rows);
      const counted = tables.reduce((sum, table) => sum + table.rows, 0);
      if (counted !== taken)
        throw new Error(`The server sent ${counted} rows, but the frames have ${taken}.`);
      report({ phase: 'dump', rows: taken, bytes, totalBytes });
      return tables;
    },
  };
}

function countsOf(rows: ReadonlyMap<string, number>): TableCount[] {
  return [...rows].map(([name, count]) => ({ name, rows: count })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
