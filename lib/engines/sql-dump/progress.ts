import type { EngineContext, RawFrame, TableCount } from '../engine.ts';

/** A table, or a part of it, that is read in one go. */
export interface ReadTask {
  /** The table as printed in the dump. */
  readonly table: string;
  /** Its share of the database, bytes. */
  readonly size: number;
}

export interface DumpProgress {
  /** Rows by table, as the server counted them. */
  readonly rows: ReadonlyMap<string, number>;
  onDone(task: ReadTask, rows: number): void;
  onFrame(frame: RawFrame): void;
  /** @throws when the frames did not hold as many rows as the server counted. */
  end(tables: readonly TableCount[]): void;
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
    rows,
    onDone: ({ table, size }, count) => {
      rows.set(table, rows.get(table)! + count);
      bytes += size;
    },
    onFrame: (frame) => {
      taken += frame.rows;
      const table = frame.table === undefined ? {} : { table: frame.table };
      report({ phase: 'dump', ...table, rows: taken, bytes, totalBytes });
    },
    end: (tables) => {
      const counted = tables.reduce((sum, table) => sum + table.rows, 0);
      if (counted !== taken)
        throw new Error(`The server sent ${counted} rows, but the frames have ${taken}.`);
      report({ phase: 'dump', rows: taken, bytes, totalBytes });
    },
  };
}
