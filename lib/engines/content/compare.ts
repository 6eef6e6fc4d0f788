import type { Content, ContentObject, ContentSum, Difference, Explanation, RowSum } from './content.ts';

/** Says what of the server makes a difference; `null` when nothing does. At least one of the two is there. */
export type Explain = (was: ContentObject | undefined, is: ContentObject | undefined) => Explanation | null;

/**
 * Everything in which `is` differs from `was`, sums of rows last. Rows are never explained: no server may change them.
 */
export function compare(was: Content, is: Content, explain: Explain = () => null): Difference[] {
  return [...compareObjects(was, is, explain), ...compareSums(was, is)];
}

function* compareObjects(was: Content, is: Content, explain: Explain): Generator<Difference> {
  for (const { before, after, either } of pairsOf(was.objects, is.objects)) {
    if (before?.text === after?.text) continue;
    const { kind, name } = either;
    const secret = before?.secret || after?.secret;
    const [one, other] = secret ? [before && HIDDEN, after && HIDDEN] : excerpts(before?.text, after?.text);
    yield { kind, object: name, was: one ?? null, is: other ?? null, explained: explain(before, after) };
  }
}

const HIDDEN = '(not shown: it holds a secret)';

function* compareSums(was: Content, is: Content): Generator<Difference> {
  for (const { before, after, either } of pairsOf(was.sums, is.sums)) {
    if (before && after && before.rows === after.rows && before.sum === after.sum) continue;
    const { kind, name } = either;
    yield { kind, object: name, was: sumOf(before), is: sumOf(after), explained: null };
  }
}

function sumOf(sum: ContentSum | undefined): RowSum | null {
  return sum ? { rows: sum.rows, sum: sum.sum } : null;
}

interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
  /** Whichever is there. */
  readonly either: T;
}

/** What both have under each key, in the order of the keys. */
function pairsOf<T>(was: ReadonlyMap<string, T>, is: ReadonlyMap<string, T>): Pair<T>[] {
  const all = [...new Map([...is, ...was])].sort(([one], [other]) => (one < other ? -1 : 1));
  return all.map(([key, either]) => ({ before: was.get(key), after: is.get(key), either }));
}

/** Characters shown before the place where two texts begin to differ, and in all. */
const BEFORE = 60;
const SHOWN = 400;

/** Whole where there is only one, or they are short. */
function excerpts(
  one: string | undefined,
  other: string | undefined,
): [string | undefined, string | undefined] {
  if (one === undefined || other === undefined) return [one && cut(one, 0), other && cut(other, 0)];
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const from = Math.max(one.length, other.length) <= SHOWN ? 0 : Math.max(0, at - BEFORE);
  return [cut(one, from), cut(other, from)];
}

function cut(text: string, from: number): string {
  const part = text.slice(from, from + SHOWN).toWellFormed();
  return `${from > 0 ? '… ' : ''}${part}${from + SHOWN < text.length ? ' …' : ''}`;
}
