import { nameIn, type SqlToken, sqlTokens } from './sql-tokens.ts';

/** Whether a name is that of our database; on some systems, case does not matter. */
export type IsOwn = (name: string) => boolean;

/**
 * Takes the database's own name out of the server's text, where it stands before the name of a thing that the database
 * has: such a dump can be restored under any name. MariaDB writes it in views that also use other databases, and in
 * defaults from a sequence; both, before functions.
 */
export function withoutOwnName(text: string, isOwn: IsOwn, things: ReadonlySet<string>): string {
  const tokens = [...sqlTokens(text)];
  const dropped = new Set(
    tokens.flatMap((token, n) => (qualifies(token, n, tokens, isOwn, things) ? [n, n + 1] : [])),
  );
  if (dropped.size === 0) return text;
  return tokens.map((token, n) => (dropped.has(n) ? '' : token.text)).join('');
}

function qualifies(
  token: SqlToken,
  n: number,
  tokens: readonly SqlToken[],
  isOwn: IsOwn,
  things: ReadonlySet<string>,
): boolean {
  const [before, dot, name] = [tokens[n - 1], tokens[n + 1], tokens[n + 2]];
  if (token.kind !== 'name' || dot?.text !== '.' || name?.kind !== 'name' || before?.text === '.')
    return false;
  return isOwn(nameIn(token)) && things.has(nameIn(name));
}

/** Names that the text may mean tables by: not those of columns, which follow a dot, nor those after AS. */
export function mentionedNames(text: string): Set<string> {
  const tokens = [...sqlTokens(text)].filter(({ kind }) => kind !== 'space');
  const names = new Set<string>();
  for (const [n, token] of tokens.entries()) {
    const before = tokens[n - 1]?.text.toUpperCase();
    if (token.kind === 'name' && before !== 'AS') names.add(nameIn(token));
  }
  return names;
}
