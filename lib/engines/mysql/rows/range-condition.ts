import { quoteIdent } from '../connection/identifiers.ts';
import type { KeyColumn } from '../schema/data-catalog.ts';
import type { KeyTuple } from './key-text.ts';

/** Rows from the first with `from` to before the first with `to`, in the order of the index. */
export interface KeyRange {
  readonly from?: KeyTuple | undefined;
  readonly to?: KeyTuple | undefined;
}

/**
 * A range of a key of several columns as a condition, in the form that the optimizer makes ranges of the index from:
 * it does not of `(a, b) >= (1, 2)` (manual, "Range Optimization of Row Constructor Expressions"). Empty for all rows.
 */
export function rangeCondition(key: readonly KeyColumn[], { from, to }: KeyRange): string {
  const shared = sharedLength(from, to);
  const fixed = key.slice(0, shared).map((column, n) => equals(column, from![n]!));
  const choices = [
    ...steps(key, from, shared + 1, 'after'),
    middle(key[shared], from, to, shared),
    ...steps(key, to, shared + 1, 'before').toReversed(),
  ].filter((choice) => choice !== '');
  const either = choices.length > 1 ? `(${choices.map((choice) => `(${choice})`).join(' OR ')})` : choices[0];
  return [...fixed, ...(either ? [either] : [])].join(' AND ');
}

function sharedLength(from: KeyTuple | undefined, to: KeyTuple | undefined): number {
  if (!from || !to) return 0;
  const different = from.findIndex((value, n) => value !== to[n]);
  return different < 0 ? from.length : different;
}

/** With the values of `tuple` before column `n`, beyond or before it there; for each further column. Deepest first. */
function steps(
  key: readonly KeyColumn[],
  tuple: KeyTuple | undefined,
  first: number,
  side: 'after' | 'before',
): string[] {
  const depths = Array.from({ length: Math.max(0, (tuple?.length ?? 0) - first) }, (_, n) => first + n);
  return depths.toReversed().map((depth) => {
    const same = tuple!.slice(first - 1, depth).map((value, n) => equals(key[first - 1 + n]!, value));
    const inclusive = side === 'after' && depth === tuple!.length - 1;
    return [...same, beyond(key[depth]!, tuple![depth]!, side, inclusive)].join(' AND ');
  });
}

/** Between the two where they first differ. */
function middle(
  column: KeyColumn | undefined,
  from: KeyTuple | undefined,
  to: KeyTuple | undefined,
  at: number,
): string {
  const [low, high] = [from?.[at], to?.[at]];
  return [
    ...(low === undefined ? [] : [beyond(column!, low, 'after', from!.length === at + 1)]),
    ...(high === undefined ? [] : [beyond(column!, high, 'before', false)]),
  ].join(' AND ');
}

function equals({ name }: KeyColumn, value: string): string {
  return `${quoteIdent(name)} = ${value}`;
}

function beyond(
  { name, descending }: KeyColumn,
  value: string,
  side: 'after' | 'before',
  inclusive: boolean,
): string {
  const sign = (side === 'after') === descending ? '<' : '>';
  return `${quoteIdent(name)} ${sign}${inclusive ? '=' : ''} ${value}`;
}
