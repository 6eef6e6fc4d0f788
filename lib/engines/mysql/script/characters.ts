/** What a byte can begin outside of quotes and comments, for the `mysql` client (client/mysql.cc, `add_line`). */
export const PLAIN = 0;
export const QUOTE = 1;
export const BACKTICK = 2;
export const HASH = 3;
export const DASH = 4;
export const SLASH = 5;
export const STAR = 6;
export const BACKSLASH = 7;
/** The first byte of the delimiter; it counts before all others. */
export const DELIMITER = 8;

const MARKS: Readonly<Record<string, number>> = {
  "'": QUOTE,
  '"': QUOTE,
  '`': BACKTICK,
  '#': HASH,
  '-': DASH,
  '/': SLASH,
  '*': STAR,
  '\\': BACKSLASH,
};

/** By byte, for a script whose statements end at `delimiter`. */
export function kindsFor(delimiter: Uint8Array): Uint8Array {
  const kinds = Uint8Array.from({ length: 256 }, (_, byte) => MARKS[String.fromCharCode(byte)] ?? PLAIN);
  const [first] = delimiter;
  if (first !== undefined) kinds[first] = DELIMITER;
  return kinds;
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** `/*!`, `/*M!` and hints, `/*+`: their text is read as SQL. */
export function isRun(third: number | undefined, fourth: number | undefined): boolean {
  return third === 0x21 || third === 0x2b || (third === 0x4d && fourth === 0x21);
}

/** Where the white space from `at` on ends. */
export function afterSpace(bytes: Buffer, at: number): number {
  let end = at;
  while (end < bytes.length && isSpace(bytes[end])) end += 1;
  return end;
}
