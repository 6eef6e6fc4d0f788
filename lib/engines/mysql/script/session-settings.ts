import { refused } from '../../sql/script/refusals.ts';
import type { Statement } from './items.ts';
import { nameIn, shapeOf, type Token, tokensOf } from './tokens.ts';

/** What a script sets for itself that changes how its text is read. */
export interface ReadingSettings {
  /** A backslash in a string escapes what follows. */
  readonly escapes: boolean;
  /** Looks at a statement that will be run. @throws {CofreError} `RESTORE_REFUSED` */
  take(statement: Statement): void;
}

/** Longest statement that is looked at, bytes. */
const LONGEST = 4_096;

/** Character sets whose letters may hold the bytes of quotes and backslashes (manual, "Character Set Restrictions"). */
const UNSAFE = /^(?:big5|cp932|gb18030|gbk|sjis)$/i;

export function readingSettings(): ReadingSettings {
  let mode = '';
  /** `sql_mode` as scripts keep it to put it back later, by name of the variable. */
  const kept = new Map<string, string>();

  function assign(name: Token, value: Token | undefined, variable: Token | undefined, text: string): void {
    if (name.text !== 'SQL_MODE' || !value) return;
    if (value.kind === 'string') mode = value.text;
    else if (value.text === '@' && variable) mode = kept.get(variable.text.toUpperCase()) ?? '';
    else mode = nameIn(text, value);
  }

  return {
    get escapes() {
      return !/NO_BACKSLASH_ESCAPES/i.test(mode);
    },
    take: ({ bytes, head, line }) => {
      if (bytes.length > LONGEST || !/^\s*(?:\/\*M?!\d*\s*)?set\b/i.test(head)) return;
      const tokens = tokensOf(head, 200);
      requireSafe(tokens, head, line);
      tokens.forEach((token, n) => {
        const [equals, value, variable] = tokens.slice(n + (tokens[n + 1]?.text === ':' ? 2 : 1));
        if (equals?.text !== '=') return;
        if (tokens[n - 1]?.text === '@' && tokens[n - 2]?.text !== '@') {
          if (isMode(tokens.slice(n + 2, n + 8))) kept.set(token.text.toUpperCase(), mode);
        } else assign(token, value, variable, head);
      });
    },
  };
}

/** `@@sql_mode`, `@@session.sql_mode`. */
function isMode(tokens: readonly Token[]): boolean {
  return /^@ @ (?:(?:SESSION|LOCAL) \. )?SQL_MODE /.test(shapeOf(tokens));
}

function requireSafe(tokens: readonly Token[], text: string, line: number): void {
  const at = tokens.findIndex(({ kind, text: word }) => kind === 'word' && word === 'NAMES');
  const value = tokens[at + 1];
  if (at < 0 || !value || !UNSAFE.test(nameIn(text, value))) return;
  throw refused(
    `Line ${line}: the dump is in the character set ${nameIn(text, value)}, which Cofre does not read.`,
    'Make it again with --default-character-set=utf8mb4.',
  );
}
