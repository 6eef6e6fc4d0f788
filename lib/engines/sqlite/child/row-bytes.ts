import { hash } from 'node:crypto';

/** A value as SQLite gives it: integers as bigint, so that a number is always a REAL. */
export type Value = null | bigint | number | string | Uint8Array;

/** A row as bytes: of each value its storage class and what it holds, so that no two rows have the same. */
export interface RowBytes {
  add(value: Value): void;
  /** UTF-8, or whatever bytes a text has. */
  addText(text: Uint8Array): void;
  /** The bytes of what was added, valid until the next `add`, and begins a new row. */
  take(): Uint8Array;
}

const NULL = 0;
const INTEGER = 1;
const REAL = 2;
const TEXT = 3;
const BLOB = 4;
/** Added to TEXT and BLOB where a hash stands for the value. */
const HASHED = 8;

/** Bytes from which a value is not copied: its hash stands for it. A UTF-16 unit has three bytes at most. */
const LONG = 64 * 1024;
const BYTES_A_UNIT = 3;
/** A value's class and length, or class and number. */
const HEAD = 9;

export function rowBytes(): RowBytes {
  let buffer = Buffer.allocUnsafe(2 * LONG);
  let end = 0;

  const reserve = (bytes: number) => {
    if (end + HEAD + bytes <= buffer.length) return;
    buffer = Buffer.concat([buffer], 2 * buffer.length);
  };
  const addBytes = (kind: number, bytes: Uint8Array) => {
    if (bytes.length >= LONG) return addBytes(kind + HASHED, hash('sha256', bytes, 'buffer'));
    reserve(bytes.length);
    buffer[end] = kind;
    buffer.writeUInt32BE(bytes.length, end + 1);
    buffer.set(bytes, end + 5);
    end += 5 + bytes.length;
  };
  const addString = (text: string) => {
    if (text.length * BYTES_A_UNIT >= LONG) return addBytes(TEXT, Buffer.from(text));
    reserve(text.length * BYTES_A_UNIT);
    const length = buffer.write(text, end + 5);
    buffer[end] = TEXT;
    buffer.writeUInt32BE(length, end + 1);
    end += 5 + length;
  };
  const addNumber = (value: bigint | number | null) => {
    reserve(0);
    buffer[end] = value === null ? NULL : typeof value === 'bigint' ? INTEGER : REAL;
    if (typeof value === 'bigint') buffer.writeBigInt64BE(value, end + 1);
    else buffer.writeDoubleBE(value ?? 0, end + 1);
    end += HEAD;
  };

  return {
    add(value) {
      if (typeof value === 'string') addString(value);
      else if (value instanceof Uint8Array) addBytes(BLOB, value);
      else addNumber(value);
    },
    addText: (text) => addBytes(TEXT, text),
    take() {
      const row = buffer.subarray(0, end);
      end = 0;
      return row;
    },
  };
}
