/** Strings, quoted names, as the server itself writes them. */
const QUOTED = /('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`)/s;

/** The same SQL with what is not in quotes rewritten. */
export function outsideQuotes(sql: string, rewrite: (part: string) => string): string {
  return sql
    .split(QUOTED)
    .map((part, n) => (n % 2 === 0 ? rewrite(part) : part))
    .join('');
}
