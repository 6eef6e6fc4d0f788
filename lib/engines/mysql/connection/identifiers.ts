/** An identifier as SQL text, always quoted (manual, "Schema Object Names"). */
export function quoteIdent(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  "'": "\\'",
  '\\': '\\\\',
};

/** A text as a SQL literal on one line, for a session without NO_BACKSLASH_ESCAPES (manual, "String Literals"). */
export function quoteLiteral(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
  return `'${text.replaceAll(/[\0\n\r\x1a'\\]/g, (character) => ESCAPES[character]!)}'`;
}
