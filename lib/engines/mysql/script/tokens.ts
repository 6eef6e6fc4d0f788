/** A piece of a statement. `text` of a bare word is in capitals, of a quoted name as it means, of the rest as written. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'mark';
  readonly text: string;
  /** Where it is in the statement. */
  readonly from: number;
  readonly to: number;
}

/** Comments that some servers run count as what is in them (manual, "Comments"). */
const NEXT =
  /(?<blank>\s+|--(?![!-\uffff])[^\n]*|#[^\n]*|\/\*M?!\d*|\*\/|\/\*[\s\S]*?\*\/)|(?<word>[\w$\x80-\uffff]+)|`(?<name>(?:[^`]|``)*)`|(?<string>'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")|[\s\S]/gy;

/** The first `limit` tokens of a statement, without comments: enough to know what it is. */
export function tokensOf(text: string, limit: number): Token[] {
  const tokens: Token[] = [];
  for (const { 0: all, index: from, groups = {} } of text.matchAll(NEXT)) {
    if (tokens.length === limit) break;
    if (groups['blank'] === undefined) tokens.push({ ...read(all, groups), from, to: from + all.length });
  }
  return tokens;
}

function read(all: string, { word, name, string }: Record<string, string>): Pick<Token, 'kind' | 'text'> {
  if (word !== undefined) return { kind: 'word', text: word.toUpperCase() };
  if (name !== undefined) return { kind: 'name', text: name.replaceAll('``', '`') };
  return { kind: string === undefined ? 'mark' : 'string', text: all };
}

/** The statement's words and marks with a space behind each; names and strings, which are no key words, as their quote. */
export function shapeOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ kind, text }) => `${kind === 'name' ? '`' : kind === 'string' ? "'" : text} `)
    .join('');
}

/** The name that a token stands for, as `text` has it: bare words keep their letters. */
export function nameIn(text: string, { kind, from, to, text: meant }: Token): string {
  return kind === 'word' ? text.slice(from, to) : kind === 'string' ? meant.slice(1, -1) : meant;
}
