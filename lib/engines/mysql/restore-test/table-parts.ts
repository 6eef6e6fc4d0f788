import type { ContentObject } from '../../content/content.ts';
import { type Token, tokensOf } from '../script/tokens.ts';
import { withCollation } from './collations.ts';
import { outsideQuotes } from './outside-quotes.ts';

/**
 * A table as SHOW CREATE TABLE writes it, taken apart: its columns and options, and each index, foreign key and check by
 * itself, so that one that is missing is named. Columns and indexes have an order, which belongs to it.
 */
export function* tableObjects(table: string, text: string): Generator<ContentObject> {
  const { head, items, tail } = partsOf(text);
  const columns: string[] = [];
  const indexes: string[] = [];
  for (const item of items) {
    const { kind, name } = kindOf(item);
    if (kind === 'COLUMN') columns.push(withCollation(item));
    else yield { kind, name: `${table}.${name}`, text: item };
    if (kind === 'INDEX' && name !== 'PRIMARY') indexes.push(name);
  }
  const { options, next } = withoutNext(tail);
  yield { kind: 'TABLE', name: table, text: `${head}\n  ${columns.join(',\n  ')}\n${options}` };
  if (next !== undefined) yield { kind: 'AUTO_INCREMENT', name: table, text: next };
  if (indexes.length > 1) yield { kind: 'INDEX ORDER', name: table, text: indexes.join(', ') };
}

interface Parts {
  /** Up to the `(`. */
  readonly head: string;
  /** Columns, indexes and constraints. */
  readonly items: readonly string[];
  /** From the `)` on. */
  readonly tail: string;
}

/** A definition that has no list is all head. */
function partsOf(text: string): Parts {
  const tokens = tokensOf(text, Number.POSITIVE_INFINITY);
  const items: string[] = [];
  let [depth, head, from] = [0, text, 0];
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === '(') depth += 1;
    if (mark === '(' && depth === 1) [head, from] = [text.slice(0, token.to), token.to];
    if ((mark === ',' && depth === 1) || (mark === ')' && depth === 1)) {
      items.push(text.slice(from, token.from).trim());
      from = token.to;
    }
    if (mark === ')') depth -= 1;
    if (mark === ')' && depth === 0) return { head, items, tail: text.slice(token.from) };
  }
  return { head: text, items: [], tail: '' };
}

function kindOf(item: string): { kind: string; name: string } {
  const [first, ...others] = tokensOf(item, 4);
  if (first?.kind !== 'word') return { kind: 'COLUMN', name: '' };
  const name = others.find(({ kind }) => kind === 'name')?.text ?? '';
  if (first.text === 'PRIMARY') return { kind: 'INDEX', name: 'PRIMARY' };
  if (first.text === 'CONSTRAINT') return { kind: isForeign(others) ? 'FOREIGN KEY' : 'CHECK', name };
  if (/^(?:UNIQUE|FULLTEXT|SPATIAL|VECTOR|KEY)$/.test(first.text) && name !== '')
    return { kind: 'INDEX', name };
  // MariaDB's PERIOD FOR SYSTEM_TIME, for one.
  return { kind: 'COLUMN', name: '' };
}

function isForeign(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }) => kind === 'word' && text === 'FOREIGN');
}

/** The number that the next row gets is something else than the table's definition. */
function withoutNext(tail: string): { options: string; next: string | undefined } {
  let next: string | undefined;
  const options = outsideQuotes(tail, (sql) =>
    sql.replace(/ AUTO_INCREMENT=(\d+)/, (_, number: string) => {
      next = number;
      return '';
    }),
  );
  return { options, next };
}
