/** A piece of SQL text. `word` may be a name; `name` is quoted; `quote` is a literal. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'quote' | 'space' | 'sign';
  readonly text: string;
  readonly at: number;
}

const PIECES = [
  ['space', /\s+|\/\*(?!M?!).*?\*\/|--[ \t][^\n]*\n?|#[^\n]*\n?/sy],
  ['name', /`(?:[^`]|``)*`/y],
  ['quote', /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/sy],
  ['word', /[\w$\x80-\uffff]+/y],
  ['sign', /./sy],
] as const;

/** Cuts what the server wrote into pieces. Its own texts only: it does not know NO_BACKSLASH_ESCAPES. */
export function* sqlTokens(text: string): Generator<SqlToken> {
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at);
    yield token;
    at += token.text.length;
  }
}

function tokenAt(text: string, at: number): SqlToken {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { kind, text: found[0], at };
  }
  throw new Error('Unreachable: any character is a sign.');
}

/** The name in a quoted or bare identifier. */
export function nameIn({ kind, text }: SqlToken): string {
  return kind === 'name' ? text.slice(1, -1).replaceAll('``', '`') : text;
}
