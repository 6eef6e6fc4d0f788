/** What follows the backslash in a literal, by the byte that has to be escaped (manual, "String Literals"); else 0. */
export const ESCAPES = new Uint8Array(256);
ESCAPES[0x00] = 0x30; // \0: the mysql program takes no NUL
ESCAPES[0x0a] = 0x6e; // \n: a row is a line
ESCAPES[0x0d] = 0x72; // \r: the mysql program may drop it
ESCAPES[0x1a] = 0x5a; // \Z: the end of a file on Windows
ESCAPES[0x27] = 0x27; // \'
ESCAPES[0x5c] = 0x5c; // \\

/** UTF-8 of the upper half of MySQL's latin1, three bytes for each; the last is 0 where there are two. */
export const LATIN1_UTF8 = latin1ToUtf8();

/**
 * MySQL's latin1 is Windows-1252, and the five codes that it leaves open are control characters of the same number
 * (manual, "West European Character Sets").
 */
function latin1ToUtf8(): Uint8Array {
  const table = new Uint8Array(128 * 3);
  const open = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
  const decoder = new TextDecoder('windows-1252');
  for (let code = 0x80; code <= 0xff; code += 1) {
    const character = open.has(code) ? String.fromCharCode(code) : decoder.decode(Uint8Array.of(code));
    table.set(Buffer.from(character), (code - 0x80) * 3);
  }
  return table;
}

/** Digits of all bytes, two for each. */
export const HEX = Buffer.from(
  Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(''),
);
