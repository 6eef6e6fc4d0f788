import type { Statement } from './items.ts';
import { nameIn, type Token, tokensOf } from './tokens.ts';

/** A stored program: its text is its own, and runs only once all is in place. */
const PROGRAM = /^CREATE .*?\b(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE) /;
/** Rows, which may be long and name no other table. */
const ROWS = /^(?:INSERT|REPLACE) /;

/**
 * The statement without the name of the database before names of its tables: everywhere, but in rows and in the text of
 * stored programs, where only what is made or filled is looked at.
 */
export function withoutDatabase(
  statement: Statement,
  own: string,
  shape: string,
  headTokens: readonly Token[],
): Statement {
  const isHeadOnly = PROGRAM.test(shape) || ROWS.test(shape);
  const text = isHeadOnly ? statement.head : statement.latin1;
  const tokens = isHeadOnly ? headTokens : tokensOf(text, Number.POSITIVE_INFINITY);
  const last = isHeadOnly ? endOfHead(tokens) : tokens.length;
  const cuts = tokens.slice(0, last).flatMap((token, n) => {
    const name = tokens[n + 2];
    return name && isOwn(token, n, tokens, own, text) ? [{ from: token.from, to: name.from }] : [];
  });
  if (cuts.length === 0) return statement;
  let [rest, at] = ['', 0];
  for (const { from, to } of cuts) {
    rest += text.slice(at, from);
    at = to;
  }
  const tail = isHeadOnly ? statement.bytes.toString('latin1', text.length) : '';
  return statement.with(`${rest}${text.slice(at)}${tail}`);
}

function isOwn(token: Token, at: number, tokens: readonly Token[], own: string, text: string): boolean {
  if (token.kind !== 'name' && token.kind !== 'word') return false;
  return tokens[at + 1]?.text === '.' && tokens[at - 1]?.text !== '.' && nameIn(text, token) === own;
}

/** Rows begin at VALUES; of a trigger, the name of its table is behind ON, and FOR begins its text; else the first "(". */
function endOfHead(tokens: readonly Token[]): number {
  const at = tokens.findIndex(
    ({ kind, text }) => text === '(' || (kind === 'word' && /^(?:VALUES?|SELECT|SET|FOR|DO)$/.test(text)),
  );
  return at < 0 ? tokens.length : at;
}
