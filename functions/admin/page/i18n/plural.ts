import { known } from '../known.ts';

/** One text for each of a language's plural categories, in the order they were given. */
type Forms<Categories extends readonly Intl.LDMLPluralRule[]> = {
  readonly [Index in keyof Categories]: string;
};

/**
 * Picks the form for a number by the language's own rules; `#` in it stands for the number. Name all categories that
 * the language has: Portuguese says "1.000.000 de linhas", hence its `many`.
 */
export function pluralizer<const Categories extends readonly Intl.LDMLPluralRule[]>(
  locale: string,
  categories: Categories,
): (n: number, ...forms: Forms<Categories>) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (n, ...forms) => known(forms[categories.indexOf(rules.select(n))]).replace('#', numbers.format(n));
}
