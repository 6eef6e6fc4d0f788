import { quoteIdent } from '../connection/identifiers.ts';
import type { Column } from '../schema/data-catalog.ts';

/** How a value of the server's text becomes a literal. Numbers, as they are compared for every value. */
export const BARE = 0;
/** A number of floating point: as it is, but for zero's sign. */
export const FLOAT = 1;
/** ASCII without anything to escape. */
export const QUOTED = 2;
/** UTF-8. */
export const TEXT = 3;
/** MySQL's latin1, which becomes UTF-8. */
export const LATIN1 = 4;
/** Any bytes. */
export const BYTES = 5;
export type ValueKind =
  | typeof BARE
  | typeof FLOAT
  | typeof QUOTED
  | typeof TEXT
  | typeof LATIN1
  | typeof BYTES;

const NUMBERS = /^(?:tinyint|smallint|mediumint|int|bigint|decimal)$/;
const PLAIN = /^(?:date|datetime|timestamp|time|year|uuid|inet4|inet6)$/;
const BINARY =
  /^(?:bit|binary|varbinary|tinyblob|blob|mediumblob|longblob|vector|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/;
const UTF8 = /^(?:utf8|utf8mb3|utf8mb4|ascii)$/;

/**
 * Rows come without conversion (`character_set_results = NULL`), each text in its column's own character set. What is
 * neither UTF-8 nor latin1, which maps to it one to one, stays bytes: other conversions are not exact both ways.
 */
export function valueKind({ type, charset, ambiguous }: Column): ValueKind {
  if (NUMBERS.test(type) || ambiguous) return BARE;
  if (type === 'float' || type === 'double') return FLOAT;
  if (PLAIN.test(type)) return QUOTED;
  if (BINARY.test(type)) return BYTES;
  if (charset === 'latin1') return LATIN1;
  if (charset !== undefined) return UTF8.test(charset) ? TEXT : BYTES;
  // ENUM and SET of bytes tell of no character set; what is not known, such as types of plugins, comes as text.
  return type === 'enum' || type === 'set' ? BYTES : TEXT;
}

/** The column in a SELECT. A FLOAT is shown with six digits; as a DOUBLE, with all that it has. */
export function selected({ name, type, ambiguous }: Column): string {
  if (ambiguous) return `${quoteIdent(name)} + 0`;
  return type === 'float' ? `${quoteIdent(name)} * 1e0` : quoteIdent(name);
}
