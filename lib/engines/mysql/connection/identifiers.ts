/** An identifier as SQL text, always quoted (manual, "Schema Object Names"). */
export function quoteIdent(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** The backslash first: what the others put in front of them is one. */
const ESCAPES = [
  ['\\', '\\\\'],
  ['\0', '\\0'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\x1a', '\\Z'],
  ["'", "\\'"],
] as const;

/** A text as a SQL literal on one line, for a session without NO_BACKSLASH_ESCAPES (manual, "String Literals"). */
export function quoteLiteral(text: string): string {
  const escaped = ESCAPES.reduce((all, [plain, as]) => all.replaceAll(plain, as), text);
  return `'${escaped}'`;
}
