import { ESCAPES, LATIN1_UTF8 } from './escapes.ts';
import { BINARY_AROUND, DIGITS, NEGATIVE_ZERO } from './row-text.ts';
import { valuesOf } from './row-values.ts';
import { BARE, BYTES, FLOAT, LATIN1, QUOTED, TEXT } from './value-kinds.ts';

const NULL_SIZE = 'NULL'.length;

/** Exactly what `writeRow` takes for a row, bytes. For large ones: it looks at every byte. */
export function textSize(kinds: Uint8Array, row: Uint8Array): number {
  let size = 2 + Math.max(0, kinds.length - 1);
  const values = [...valuesOf(row)];
  for (const [column, kind] of kinds.entries()) {
    const value = values[column];
    size += value ? valueSize(kind, value) : NULL_SIZE;
  }
  return size;
}

function valueSize(kind: number, value: Uint8Array): number {
  if (kind === BARE) return value.length;
  if (kind === FLOAT) return Math.max(value.length, NEGATIVE_ZERO.length);
  if (kind === QUOTED) return value.length + 2;
  if (kind === TEXT) return escapedSize(value) + 2;
  if (kind === LATIN1) return escapedSize(value) + widenedBy(value) + 2;
  if (kind === BYTES && value.length > DIGITS) return escapedSize(value) + BINARY_AROUND;
  return 2 + 2 * value.length;
}

function escapedSize(value: Uint8Array): number {
  let size = value.length;
  for (const byte of value) if (ESCAPES[byte] !== 0) size += 1;
  return size;
}

/** Bytes that UTF-8 takes more than latin1. */
function widenedBy(value: Uint8Array): number {
  let more = 0;
  for (const byte of value) if (byte >= 0x80) more += LATIN1_UTF8[(byte - 0x80) * 3 + 2] === 0 ? 1 : 2;
  return more;
}
