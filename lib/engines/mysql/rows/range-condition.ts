import { quoteIdent } from '../connection/identifiers.ts';
import type { KeyColumn } from '../schema/data-catalog.ts';
import { isValue, type KeyTuple, type KeyValue, keyValues } from './key-text.ts';

/** Rows from the first with `from` to before the first with `to`, in the order of the index. */
export interface KeyRange {
  readonly from?: KeyTuple | undefined;
  readonly to?: KeyTuple | undefined;
}

/**
 * A range of a key of several columns as a condition, in the form that the optimizer makes ranges of the index from:
 * it does not of `(a, b) >= (1, 2)` (manual, "Range Optimization of Row Constructor Expressions"). Empty for all rows.
 */
export function rangeCondition(key: readonly KeyColumn[], { from = [], to = [] }: KeyRange): string {
  const shared = sharedLength(from, to);
  const [low, high] = [keyValues(key, from), keyValues(key, to)];
  const fixed = low.slice(0, shared).map(isValue);
  const choices = [
    ...steps(low, shared + 1, 'after'),
    middle(low, high, shared),
    ...steps(high, shared + 1, 'before').toReversed(),
  ].filter((choice) => choice !== '');
  const either = choices.length > 1 ? `(${choices.map((choice) => `(${choice})`).join(' OR ')})` : choices[0];
  return [...fixed, ...(either ? [either] : [])].join(' AND ');
}

function sharedLength(from: KeyTuple, to: KeyTuple): number {
  const different = from.findIndex((value, n) => value !== to[n]);
  return different < 0 ? from.length : different;
}

/** With the values before the `first`, beyond or before its own there; for each further one. Deepest first. */
function steps(values: readonly KeyValue[], first: number, side: 'after' | 'before'): string[] {
  const choices = values.slice(first).map((value, n) => {
    const same = values.slice(first - 1, first + n).map(isValue);
    const inclusive = side === 'after' && value === values.at(-1);
    return [...same, beyond(value, side, inclusive)].join(' AND ');
  });
  return choices.toReversed();
}

/** Between the two where they first differ. */
function middle(from: readonly KeyValue[], to: readonly KeyValue[], at: number): string {
  const [low, high] = [from[at], to[at]];
  return [
    ...(low ? [beyond(low, 'after', low === from.at(-1))] : []),
    ...(high ? [beyond(high, 'before', false)] : []),
  ].join(' AND ');
}

function beyond({ column, value }: KeyValue, side: 'after' | 'before', inclusive: boolean): string {
  const sign = (side === 'after') === column.descending ? '<' : '>';
  return `${quoteIdent(column.name)} ${sign}${inclusive ? '=' : ''} ${value}`;
}
