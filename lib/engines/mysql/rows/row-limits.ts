import { CofreError } from '../../../errors.ts';
import { FRAME } from '../../sql/dump/frame-buffers.ts';
import { quoteLiteral } from '../connection/identifiers.ts';
import { textSize } from './row-size.ts';
import { valuesOf } from './row-values.ts';
import type { TableShape } from './select-task.ts';
import { BYTES, valueKind } from './value-kinds.ts';

export interface StatementLimits {
  /** Bytes of an INSERT of several rows, at most. */
  readonly statement: number;
  /** The server's `max_allowed_packet`, bytes: an INSERT of one row has to be below. */
  readonly packet: number;
}

/** Bytes of an ordinary INSERT: as mysqldump's. */
const STATEMENT = 1024 * 1024;

/** What a packet has besides the statement, and the end of the statement. */
const AROUND = 16;

export function statementLimits(maxAllowedPacket: number): StatementLimits {
  return { statement: Math.min(STATEMENT, maxAllowedPacket - AROUND), packet: maxAllowedPacket };
}

/** Rows that may be longer than `longest` are measured, which costs time, and refused where they are too long. */
export function rowLimits(
  shape: TableShape,
  { packet }: StatementLimits,
): { longest: number; measure: (row: Uint8Array) => number } {
  const most = packet - shape.header.length - AROUND;
  return {
    longest: Math.min(FRAME - shape.header.length - AROUND, most),
    measure: (row) => {
      const size = textSize(shape.kinds, row);
      if (size > most) throw tooLong(shape, row, size + shape.header.length, packet);
      return size;
    },
  };
}

function tooLong(shape: TableShape, row: Uint8Array, size: number, packet: number): CofreError {
  const { name } = shape.table;
  return new CofreError(
    'SOURCE_INVALID',
    `A row of ${name} cannot be restored: its INSERT takes ${size} bytes, and max_allowed_packet is ${packet} (${keyText(shape, row)}).`,
    {
      hint: "Raise the server's max_allowed_packet (up to 1 GiB: SET GLOBAL max_allowed_packet = 1073741824), or make the row smaller.",
    },
  );
}

/** Values of a key are shown up to this length. */
const SHOWN = 100;

/** Such as `id = 42`. */
function keyText({ table, columns }: TableShape, row: Uint8Array): string {
  const values = [...valuesOf(row)];
  const parts = table.primaryKey.map((name) => {
    const n = columns.findIndex((column) => column.name === name);
    const [column, value] = [columns[n], values[n]];
    return `${name} = ${column && value ? shown(value, valueKind(column)) : 'NULL'}`;
  });
  return parts.length > 0 ? parts.join(', ') : 'the table has no primary key';
}

function shown(value: Uint8Array, kind: number): string {
  const part = Buffer.from(value.subarray(0, SHOWN));
  if (kind === BYTES) return `0x${part.toString('hex')}`;
  const text = part.toString('utf8');
  return /^-?\d[\d.]*$/.test(text) ? text : quoteLiteral(text);
}
