import type { RawFrame } from '../../engine.ts';
import { damaged } from '../../sql/script/refusals.ts';
import { quoteIdent } from '../connection/identifiers.ts';

/** Whole INSERT statements of one table, on their way to one session. */
export interface Batch {
  readonly kind: 'rows';
  readonly table: string;
  readonly statements: readonly Buffer[];
  /** bytes. */
  readonly size: number;
  /** As the dump says; `undefined` where it does not. */
  readonly rows: number | undefined;
  /** Gives the bytes back, once they are sent. */
  release(): void;
}

/** A frame of rows of one table, as Cofre writes it. */
export type RowFrame = RawFrame & { readonly table: string };

export function isOfRows(frame: RawFrame): frame is RowFrame {
  return frame.section === 'data' && frame.table !== undefined;
}

const END = Buffer.from(';\n');

/**
 * A frame of rows as Cofre writes it: one row a line, no line break within a value, so that every `;` at the end of a
 * line ends a statement.
 * @throws {CofreError} `BACKUP_DAMAGED` for one that is cut, or holds something else
 */
export function batchOfFrame(frame: RowFrame): Batch {
  const { table } = frame;
  const bytes = Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength);
  const begin = Buffer.from(`INSERT INTO ${quoteIdent(table)} (`);
  const statements: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(END, at);
    const statement = bytes.subarray(at, end);
    if (end < 0) throw damaged(`is cut short: a frame with rows of ${table} ends amid a statement`);
    if (begin.compare(statement, 0, begin.length) !== 0)
      throw damaged(`has something else in a frame with rows of ${table}`);
    statements.push(statement);
    at = end + END.length;
  }
  const release = () => frame.release?.();
  return { kind: 'rows', table, statements, size: bytes.length, rows: frame.rows, release };
}
