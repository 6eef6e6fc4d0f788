import { quoteIdent, quoteLiteral } from '../connection/identifiers.ts';
import type { KeyColumn } from '../schema/data-catalog.ts';

/** A value of a key's first columns, as SQL literals; fewer than the key has mean the first row with these. */
export type KeyTuple = readonly string[];

/** The index whose columns a table is cut by. */
export interface RangeKey {
  readonly index: string;
  readonly columns: readonly KeyColumn[];
}

/** A column of a key, and its value as a literal. */
export interface KeyValue {
  readonly column: KeyColumn;
  readonly value: string;
}

/** The values of a tuple, each with its column. */
export function keyValues(key: readonly KeyColumn[], tuple: KeyTuple): KeyValue[] {
  return tuple.flatMap((value, n) => {
    const column = key[n];
    return column ? [{ column, value }] : [];
  });
}

export function isValue({ column, value }: KeyValue): string {
  return `${quoteIdent(column.name)} = ${value}`;
}

const NUMBER = /^(?:tinyint|smallint|mediumint|int|bigint|decimal|year)$/;
const BYTES = /^(?:char|varchar|binary|varbinary)$/;

/** Selects a key's value as `keyLiteral` wants it. */
export function keyExpression({ name, type }: KeyColumn): string {
  if (BYTES.test(type)) return `HEX(${quoteIdent(name)})`;
  return `CAST(${quoteIdent(name)} AS CHAR)`;
}

/** A literal that compares with the column as its values do. */
export function keyLiteral({ type, charset }: KeyColumn, value: string): string {
  if (NUMBER.test(type)) return value;
  if (!BYTES.test(type)) return quoteLiteral(value);
  const introducer = charset === undefined ? '' : `_${charset} `;
  return value === '' ? `${introducer}''` : `${introducer}0x${value}`;
}

/** `ORDER BY` that reads the index as it is. */
export function keyOrder(key: readonly KeyColumn[]): string {
  return `ORDER BY ${key.map(({ name, descending }) => `${quoteIdent(name)}${descending ? ' DESC' : ''}`).join(', ')}`;
}
