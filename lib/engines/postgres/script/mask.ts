/** Stands for a character that is inside quotes or parentheses; no SQL text of pg_dump holds it. */
const HIDDEN = '\u0001';

/**
 * The same text, equally long, with everything inside quotes and parentheses hidden, so that what is left can be
 * searched by plain patterns. For single statements of pg_dump: no comments, no dollar quotes.
 */
export function mask(text: string): string {
  let depth = 0;
  let masked = '';
  for (let at = 0; at < text.length; ) {
    const end = endOfQuoted(text, at);
    if (end > at) {
      masked +=
        depth > 0
          ? HIDDEN.repeat(end - at)
          : text[at] + HIDDEN.repeat(Math.max(0, end - at - 2)) + text[end - 1];
      at = end;
      continue;
    }
    const char = text.charAt(at);
    at += 1;
    if (char === ')') depth--;
    masked += depth > 0 ? HIDDEN : char;
    if (char === '(') depth++;
  }
  return masked;
}

/** Where the literal or quoted identifier that begins at `at` ends; `at` when none begins there. */
function endOfQuoted(text: string, at: number): number {
  const quote = text[at];
  if (quote !== "'" && quote !== '"') return at;
  const escapes = quote === "'" && /(?:^|[^\w$])E$/i.test(text.slice(Math.max(0, at - 2), at));
  let end = at + 1;
  for (; end < text.length; end++) {
    if (escapes && text[end] === '\\') end++;
    else if (text[end] === quote && text[end + 1] === quote) end++;
    else if (text[end] === quote) break;
  }
  return Math.min(end + 1, text.length);
}

/**
 * What `pattern`, which has the flag `d`, finds outside of quotes and parentheses: the whole and its groups, as they are in
 * `text`.
 */
export function findOutside(text: string, pattern: RegExp): (string | undefined)[] {
  const ranges: readonly ([number, number] | undefined)[] = pattern.exec(mask(text))?.indices ?? [];
  return ranges.map((range) => range && text.slice(...range));
}

/** The parts between the separators that are outside of quotes and parentheses, without the space around them. */
export function splitOutside(text: string, separator: string): string[] {
  const masked = mask(text);
  const parts: string[] = [];
  let from = 0;
  for (let at = masked.indexOf(separator); at >= 0; at = masked.indexOf(separator, from)) {
    parts.push(text.slice(from, at).trim());
    from = at + separator.length;
  }
  parts.push(text.slice(from).trim());
  return parts.filter((part) => part !== '');
}
