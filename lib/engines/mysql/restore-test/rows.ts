import type { ContentBuilder } from '../../content/builder.ts';
import { damaged } from '../../sql/script/refusals.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { RowFrame } from '../load/batch.ts';

/** Adds frames of rows to a content. */
export interface RowReader {
  /** @throws {CofreError} `BACKUP_DAMAGED` */
  take(frame: RowFrame): void;
}

const [NEWLINE, OPEN, CLOSE, COMMA, SEMICOLON] = [0x0a, 0x28, 0x29, 0x2c, 0x3b];

/**
 * Reads INSERTs as Cofre writes them: a line that names table and columns, then one row a line, without a line break in
 * any value. The columns are the same for all rows of a table, and count as part of its definition.
 */
export function rowReader(builder: ContentBuilder): RowReader {
  const heads = new Map<string, Buffer>();

  function takeHead(table: string, line: Buffer): void {
    const known = heads.get(table);
    if (known?.equals(line)) return;
    const [, columns] = line.toString().split(`INSERT INTO ${quoteIdent(table)} `);
    if (known || !columns?.endsWith(' VALUES')) throw foreign(table);
    heads.set(table, Buffer.from(line));
    builder.object({ kind: 'TABLE', name: table, text: `rows of ${columns.slice(0, -' VALUES'.length)}` });
  }

  return {
    take: ({ table, bytes: given, rows: expected }) => {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      const sum = builder.sum('ROWS', table);
      let rows = 0;
      for (let [at, end] = [0, 0]; at < bytes.length; at = end + 1) {
        end = bytes.indexOf(NEWLINE, at);
        if (end < 0) throw damaged(`is cut short: a frame with rows of ${table} ends amid a statement`);
        if (bytes[at] !== OPEN) {
          takeHead(table, bytes.subarray(at, end));
          continue;
        }
        const ending = bytes[end - 1];
        if (bytes[end - 2] !== CLOSE || (ending !== COMMA && ending !== SEMICOLON)) throw foreign(table);
        sum.add(bytes.subarray(at, end - 1));
        rows += 1;
      }
      if (rows !== expected) throw damaged(`has ${rows} rows of ${table} in a frame instead of ${expected}`);
    },
  };
}

function foreign(table: string): Error {
  return damaged(`has something else in a frame with rows of ${table}`);
}
