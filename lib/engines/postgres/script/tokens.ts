/** A piece of a short statement; `text` of a bare word is in capitals, of a quoted name as it means. */
export interface Token {
  readonly kind: 'word' | 'name' | 'other';
  readonly text: string;
  /** Where it is in the statement. */
  readonly from: number;
  readonly to: number;
}

/** Blanks and comments; a bare word; a quoted name; a literal, or any other character. */
const NEXT =
  /(\s+|--[^\n\r]*|\/\*[\s\S]*?\*\/)|([A-Za-z_\x80-\u{10ffff}][\w\x80-\u{10ffff}$]*)|"((?:[^"]|"")*)"|'(?:[^']|'')*'|[\s\S]/uy;

/** The first `limit` tokens of a statement, without comments: enough to know what it is. */
export function tokensOf(text: string, limit: number): Token[] {
  const tokens: Token[] = [];
  NEXT.lastIndex = 0;
  while (tokens.length < limit) {
    const found = NEXT.exec(text);
    if (!found) break;
    const [all, blank, word, name] = found;
    if (blank === undefined) tokens.push({ ...read(all, word, name), from: found.index, to: NEXT.lastIndex });
  }
  return tokens;
}

function read(all: string, word: string | undefined, name: string | undefined): Pick<Token, 'kind' | 'text'> {
  if (word !== undefined) return { kind: 'word', text: word.toUpperCase() };
  if (name !== undefined) return { kind: 'name', text: name.replaceAll('""', '"') };
  return { kind: 'other', text: all };
}

/** The name that a token stands for: bare words are folded to small letters (manual, 4.1.1). */
export function nameOf({ kind, text }: Token): string {
  return kind === 'word' ? text.toLowerCase() : text;
}
