/** A piece of SQL outside of quotes: from `start` to `end` of the text. */
export interface Item {
  readonly kind: 'comment' | 'statement';
  readonly start: number;
  readonly end: number;
}

/** What can open or end something: a comment, a quoted text, a statement's end. */
const MARK = /--|;|'|"|\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$/g;

/**
 * Comments (to the end of their line, newline included) and statements (with their semicolon) of pg_dump's text, in
 * order. What looks like one within quotes is not one; a body in BEGIN ATOMIC counts as several statements.
 *
 * @param text its bytes as latin1
 * @param escapes whether a backslash escapes in every literal: `standard_conforming_strings = off`
 */
export function* topLevel(text: string, escapes: boolean): Generator<Item> {
  const mark = new RegExp(MARK);
  let begin = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const at = found.index;
    if (found[0] === '--') {
      mark.lastIndex = endOfLine(text, at);
      yield { kind: 'comment', start: at, end: mark.lastIndex };
      begin = mark.lastIndex;
    } else if (found[0] === ';') {
      yield { kind: 'statement', start: skipSpace(text, begin), end: at + 1 };
      begin = at + 1;
    } else {
      mark.lastIndex = endOfQuoted(text, at, found[0], escapes);
    }
  }
}

/** The text with `_` in place of all that is within quotes: of the same length, and nothing in it looks like SQL. */
export function masked(text: string, escapes: boolean): string {
  const mark = new RegExp(MARK);
  let mask = '';
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const at = found.index;
    if (found[0] === '--') mark.lastIndex = endOfLine(text, at);
    if (found[0] === '--' || found[0] === ';') continue;
    mark.lastIndex = endOfQuoted(text, at, found[0], escapes);
    const within = '_'.repeat(Math.max(0, mark.lastIndex - at - 2));
    mask += text.slice(mask.length, at + 1) + within + text.slice(at + 1 + within.length, mark.lastIndex);
  }
  return mask + text.slice(mask.length);
}

function endOfQuoted(text: string, at: number, quote: string, escapes: boolean): number {
  if (quote !== "'" && quote !== '"') return after(text, quote, at + quote.length);
  const escaping = quote === "'" && (escapes || isEscapeString(text, at));
  for (let from = at + 1; ; ) {
    const end = after(text, quote, from);
    if (escaping && isEscaped(text, end - 1, at)) from = end;
    else if (text[end] === quote) from = end + 1;
    else return end;
  }
}

function after(text: string, part: string, from: number): number {
  const found = text.indexOf(part, from);
  return found < 0 ? text.length : found + part.length;
}

/** E'…', where the E is not the end of a word. */
function isEscapeString(text: string, at: number): boolean {
  return /[Ee]/.test(text[at - 1] ?? '') && !/[\w$\x80-\xff]/.test(text[at - 2] ?? '');
}

/** Whether an odd number of backslashes stands before `at`, none of them before `start`. */
function isEscaped(text: string, at: number, start: number): boolean {
  let first = at;
  while (first - 1 > start && text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

function endOfLine(text: string, from: number): number {
  return after(text, '\n', from);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === '\n' || text[at] === ' ') at++;
  return at;
}
