/** Words, quoted names, literals (bodies of functions among them) and marks. */
export const TOKEN = /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|[\w$\u0080-\uffff]+|\s+|[\s\S]/g;
const NAME = /^(?:"|[A-Za-z_\u0080-\uffff])/;
/** After these comes the name of a table or a type, and before a dot that of its schema. */
const NOT_COLUMN = /^(?:FROM|JOIN|ONLY|INTO|UPDATE|VIEW|COLLATE|:)$/i;

/**
 * Whether `is` is `was` without the names of tables in front of columns. Version 16 and later leave them out where a query
 * has but one table (release notes of 16, on `pg_get_viewdef`), so that they say nothing that the rest does not: with
 * another table, the name behind FROM would be another one, too.
 */
export function sameButForQualifiers(was: string, is: string): boolean {
  const [old, fresh] = [was.match(TOKEN) ?? [], is.match(TOKEN) ?? []];
  const tables = new Set(old.filter((token, n) => NAME.test(token) && old[n + 1] !== '.'));
  let at = 0;
  for (const [n, token] of fresh.entries()) {
    const word = old[at];
    const differs = word !== token || (old[at + 1] === '.') !== (fresh[n + 1] === '.');
    if (differs && word !== undefined && isQualifier(old, at) && tables.has(word)) at += 2;
    if (old[at] !== token) return false;
    at += 1;
  }
  return at === old.length;
}

/** Whether at `at` a table stands in front of its column. */
function isQualifier(tokens: readonly string[], at: number): boolean {
  if (!NAME.test(tokens[at] ?? '') || tokens[at + 1] !== '.' || !NAME.test(tokens[at + 2] ?? ''))
    return false;
  const before = tokens.slice(Math.max(0, at - 2), at).findLast((token) => token.trim() !== '');
  return tokens[at + 3] !== '(' && !NOT_COLUMN.test(before ?? '');
}
