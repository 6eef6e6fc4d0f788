import { compactTimestamp } from '../../../clock.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { splitOutside } from './mask.ts';

/** A table's name in its parts, unquoted. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** Reads `schema.name` as pg_dump or the server prints it, each part quoted only where needed. */
export function parseName(text: string): TableName {
  const [schema = '', name = ''] = splitOutside(text, '.').map(unquote);
  return { schema, name };
}

/** `a` as `a`, `"A ""b"""` as `A "b"`. */
export function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

/** As SQL text, always quoted; also what tells names apart. */
export function sqlName({ schema, name }: TableName): string {
  return `${quoteIdent(schema)}.${quoteIdent(name)}`;
}

/** Servers cut longer names off (NAMEDATALEN, manual 4.1.1); bytes. */
const MAX_BYTES = 63;

/** `<name>_restored_<YYYYMMDD_HHMMSS>`, the name cut so that all fits; with `_<attempt>` from the second attempt on. */
export function restoredName(name: string, at: Date, attempt: number): string {
  const suffix = `_restored_${compactTimestamp(at)}${attempt > 1 ? `_${attempt}` : ''}`;
  return cutToBytes(name, MAX_BYTES - suffix.length) + suffix;
}

/** Never through the middle of a character. */
function cutToBytes(text: string, bytes: number): string {
  let cut = '';
  for (const char of text) {
    if (Buffer.byteLength(cut + char) > bytes) return cut;
    cut += char;
  }
  return cut;
}
