import type { Statement } from '../script/items.ts';
import { afterDefiner } from '../script/target.ts';
import { nameIn, tokensOf } from '../script/tokens.ts';

/** Tokens before which a definer must stand. */
const HEAD = 40;

export interface Definer {
  /** `root@localhost`. */
  readonly name: string;
  /** The same statement, which then belongs to whoever runs it. */
  readonly without: Statement;
}

/** Who a stored program or view belongs to, by its own text. */
export function definerOf(statement: Statement): Definer | undefined {
  const text = statement.head;
  if (!/^\W*(?:\d+\s+)?(?:create|alter)\b/i.test(text)) return undefined;
  const tokens = tokensOf(text, HEAD);
  const at = tokens.findIndex(({ kind, text: it }) => kind === 'word' && it === 'DEFINER');
  const word = tokens[at];
  if (!word || tokens[at + 1]?.text !== '=') return undefined;
  const end = afterDefiner(tokens, at);
  const last = tokens[end - 1];
  if (!last) return undefined;
  const parts = tokens.slice(at + 2, end).filter(({ kind }) => kind !== 'mark');
  const rest = statement.latin1.slice(last.to);
  return {
    name: Buffer.from(parts.map((part) => nameIn(text, part)).join('@'), 'latin1').toString(),
    without: statement.with(`${text.slice(0, word.from)}${rest}`),
  };
}
