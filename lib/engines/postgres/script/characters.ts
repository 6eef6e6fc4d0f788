/** What a byte can begin outside of quotes and comments (psql's psqlscan.l). */
export const PLAIN = 0;
export const WORD = 1;
export const DIGIT = 2;
export const QUOTE = 3;
export const DOUBLE_QUOTE = 4;
export const DOLLAR = 5;
export const DASH = 6;
export const SLASH = 7;
export const OPEN = 8;
export const CLOSE = 9;
export const SEMICOLON = 10;
export const BACKSLASH = 11;
export const ZERO = 12;

/** psqlscan.l `ident_start`: a letter, an underscore, any byte from 0x80. */
const IDENT_START = /[A-Za-z_\x80-\xff]/;
/** psqlscan.l `ident_cont`; a dollar quote's tag (`dolq_cont`) may hold the same but the dollar. */
const IDENT_PART = /[A-Za-z_\x80-\xff0-9$]/;

const MARKS: Readonly<Record<string, number>> = {
  "'": QUOTE,
  '"': DOUBLE_QUOTE,
  $: DOLLAR,
  '-': DASH,
  '/': SLASH,
  '(': OPEN,
  ')': CLOSE,
  ';': SEMICOLON,
  '\\': BACKSLASH,
  '\0': ZERO,
};

export const KIND = table((letter) => {
  if (IDENT_START.test(letter)) return WORD;
  return /[0-9]/.test(letter) ? DIGIT : (MARKS[letter] ?? PLAIN);
});

export const IS_IDENT_PART = table((letter) => Number(IDENT_PART.test(letter)));

/** psqlscan.l `space`. */
export const IS_SPACE = table((letter) => Number(/[ \t\n\r\f\v]/.test(letter)));

function table(of: (letter: string) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => of(String.fromCharCode(byte)));
}
