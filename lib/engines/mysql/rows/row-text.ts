// biome-ignore-all lint/style/noNonNullAssertion: every byte of every row passes here, read at places that the lengths before it have given.
import { ESCAPES, HEX, LATIN1_UTF8 } from './escapes.ts';
import { BARE, FLOAT, LATIN1, QUOTED, TEXT } from './value-kinds.ts';

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, ZERO] = [0x27, 0x5c, 0x2c, 0x28, 0x29, 0x30];
const NULL_TEXT = Buffer.from('NULL');
export const NEGATIVE_ZERO = Buffer.from('-0e0');
const BINARY = Buffer.from('_binary');
/** Bytes around a value that is not written in digits. */
export const BINARY_AROUND = BINARY.length + 2;

/**
 * Longest value that is written in digits, bytes. They can be read and searched for, but take twice the room; of
 * pictures nobody reads them.
 */
export const DIGITS = 256;

/** Bytes that a value may take besides its own. */
const AROUND = 16;

/** A row packet that does not hold what it should. */
export class MalformedRow extends Error {
  constructor() {
    super('The server sent a row that cannot be read.');
  }
}

/** At most so many bytes has a row of `size` bytes as text. */
export function mostText(size: number, columns: number, widest: number): number {
  return size * widest + columns * AROUND + 2;
}

/** Bytes of text for one byte of a value, at most: escaped, in digits, or as UTF-8. */
export function widest(kinds: Uint8Array): number {
  return kinds.includes(LATIN1) ? 3 : 2;
}

/**
 * Writes a row of the text protocol (manual, "Text Resultset Row"), from `at` to before `end` in `source`, as
 * `(…,…)` into `target` at `to`, which has room for `mostText`; returns where it ends. This is where a dump spends its
 * time in JavaScript, so: no object per value.
 * @throws {MalformedRow}
 */
export function writeRow(
  kinds: Uint8Array,
  source: Uint8Array,
  at: number,
  end: number,
  target: Uint8Array,
  to: number,
): number {
  if (kinds.length === 0) return writeNoColumns(target, to);
  let read = at;
  let write = to;
  for (let column = 0; column < kinds.length; column += 1) {
    target[write++] = column === 0 ? OPEN : COMMA;
    let size = source[read++]!;
    if (size >= 0xfb) {
      if (size === 0xfb) {
        target.set(NULL_TEXT, write);
        write += 4;
        continue;
      }
      const bytes = size === 0xfc ? 2 : size === 0xfd ? 3 : 8;
      size = littleEndian(source, read, bytes);
      read += bytes;
    }
    const stop = read + size;
    if (stop > end) throw new MalformedRow();
    write = writeValue(kinds[column]!, source, read, stop, target, write);
    read = stop;
  }
  if (read !== end) throw new MalformedRow();
  target[write++] = CLOSE;
  return write;
}

/** Of a table whose columns are all generated, something else was selected. */
function writeNoColumns(target: Uint8Array, to: number): number {
  target[to] = OPEN;
  target[to + 1] = CLOSE;
  return to + 2;
}

function writeValue(
  kind: number,
  source: Uint8Array,
  at: number,
  end: number,
  target: Uint8Array,
  to: number,
): number {
  if (kind === BARE) return copy(source, at, end, target, to);
  if (kind === TEXT) return quoted(writeEscaped(source, at, end, target, to + 1), target, to);
  if (kind === QUOTED) return quoted(copy(source, at, end, target, to + 1), target, to);
  if (kind === FLOAT) return writeFloat(source, at, end, target, to);
  if (kind === LATIN1) return quoted(writeLatin1(source, at, end, target, to + 1), target, to);
  return writeBytes(source, at, end, target, to);
}

/** Closes what was written from `begin + 1` to `end`. */
function quoted(end: number, target: Uint8Array, begin: number): number {
  target[begin] = QUOTE;
  target[end] = QUOTE;
  return end + 1;
}

function copy(source: Uint8Array, at: number, end: number, target: Uint8Array, to: number): number {
  let write = to;
  for (let read = at; read < end; read += 1) target[write++] = source[read]!;
  return write;
}

function writeEscaped(source: Uint8Array, at: number, end: number, target: Uint8Array, to: number): number {
  let write = to;
  for (let read = at; read < end; read += 1) {
    const byte = source[read]!;
    const letter = ESCAPES[byte]!;
    if (letter === 0) target[write++] = byte;
    else {
      target[write++] = BACKSLASH;
      target[write++] = letter;
    }
  }
  return write;
}

function writeLatin1(source: Uint8Array, at: number, end: number, target: Uint8Array, to: number): number {
  let write = to;
  for (let read = at; read < end; read += 1) {
    const byte = source[read]!;
    const letter = ESCAPES[byte]!;
    if (byte >= 0x80) {
      const entry = (byte - 0x80) * 3;
      target[write++] = LATIN1_UTF8[entry]!;
      target[write++] = LATIN1_UTF8[entry + 1]!;
      const third = LATIN1_UTF8[entry + 2]!;
      if (third !== 0) target[write++] = third;
    } else if (letter === 0) target[write++] = byte;
    else {
      target[write++] = BACKSLASH;
      target[write++] = letter;
    }
  }
  return write;
}

/** `-0` would be an integer, which has no negative zero. */
function writeFloat(source: Uint8Array, at: number, end: number, target: Uint8Array, to: number): number {
  if (end - at === 2 && source[at] === 0x2d && source[at + 1] === ZERO) {
    target.set(NEGATIVE_ZERO, to);
    return to + NEGATIVE_ZERO.length;
  }
  return copy(source, at, end, target, to);
}

function writeBytes(source: Uint8Array, at: number, end: number, target: Uint8Array, to: number): number {
  if (at === end) return quoted(to + 1, target, to);
  if (end - at > DIGITS) {
    target.set(BINARY, to);
    const begin = to + BINARY.length;
    return quoted(writeEscaped(source, at, end, target, begin + 1), target, begin);
  }
  target[to] = ZERO;
  target[to + 1] = 0x78;
  let write = to + 2;
  for (let read = at; read < end; read += 1) {
    const digit = source[read]! * 2;
    target[write++] = HEX[digit]!;
    target[write++] = HEX[digit + 1]!;
  }
  return write;
}

/** An unsigned integer of `size` bytes, below 2^53. */
export function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let n = size - 1; n >= 0; n -= 1) value = value * 256 + bytes[at + n]!;
  return value;
}
