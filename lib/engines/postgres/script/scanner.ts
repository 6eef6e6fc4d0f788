// biome-ignore-all lint/style/noNonNullAssertion: each index is within the bytes by the condition of its loop; a check for each byte would cost time
import { find } from './bytes.ts';
import {
  BACKSLASH,
  CLOSE,
  DASH,
  DIGIT,
  DOLLAR,
  DOUBLE_QUOTE,
  IS_IDENT_PART,
  KIND,
  OPEN,
  PLAIN,
  QUOTE,
  SEMICOLON,
  SLASH,
  WORD,
} from './characters.ts';
import { type FunctionBody, functionBody } from './function-body.ts';

/** Why a scan stopped: at the end of what has come, behind a statement's semicolon, at a backslash, at a zero byte. */
export type Stop = 'more' | 'semicolon' | 'backslash' | 'zero';

type Mode = 'outside' | 'quoted' | 'escaped' | 'identifier' | 'dollar' | 'line' | 'block';

/** Between two parts of one string literal: spaces and comments with a newline (psqlscan.l `quotecontinue`). */
const CONTINUES = /^(?:[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*)?$/;

/**
 * Finds the end of a statement by the rules of psql's psqlscan.l. It stops wherever the bytes end and goes on from
 * there, so that no byte of a quote or comment is looked at twice; a word or mark at the very end waits for what follows.
 */
export class Scanner {
  /** Next byte to look at. */
  at = 0;
  standardStrings = true;
  #mode: Mode = 'outside';
  #parentheses = 0;
  #comments = 0;
  #tag = Buffer.alloc(0);
  /** Where the last string with backslash escapes ended, or -1. */
  #escapedEnd = -1;
  readonly #body: FunctionBody = functionBody();

  /** Begins a statement at `at`. */
  begin(at: number): void {
    this.at = at;
    this.#mode = 'outside';
    this.#parentheses = 0;
    this.#escapedEnd = -1;
    this.#body.reset();
  }

  /** Everything has moved towards 0. */
  move(by: number): void {
    this.at -= by;
    if (this.#escapedEnd >= 0) this.#escapedEnd -= by;
  }

  scan(bytes: Buffer): Stop {
    while (this.at < bytes.length) {
      const stop = this.#mode === 'outside' ? this.#outside(bytes) : this.#inside(bytes);
      if (stop) return stop;
    }
    return 'more';
  }

  /** Begins a block comment behind its opening mark. */
  beginBlock(at: number): void {
    [this.at, this.#mode, this.#comments] = [at, 'block', 1];
  }

  /** Goes on in a block comment outside of statements; says whether it has ended. */
  blockEnded(bytes: Buffer): boolean {
    if (this.#mode === 'block') this.#block(bytes);
    return this.#mode !== 'block';
  }

  #outside(bytes: Buffer): Stop | undefined {
    let escapeMark = -1;
    for (let at = this.at; at < bytes.length; ) {
      const kind = KIND[bytes[at]!]!;
      if (kind === PLAIN) {
        at += 1;
        continue;
      }
      if (kind === WORD || kind === DIGIT) {
        const end = endOfWord(bytes, at);
        if (end === bytes.length) return this.#wait(at);
        if (kind === WORD) this.#body.word(bytes, at, end, this.#parentheses);
        // The mark of E'…' is a word of its own, right before the quote.
        if (kind === WORD && end === at + 1 && (bytes[at]! | 0x20) === 0x65) escapeMark = end;
        at = end;
        continue;
      }
      if (kind === SEMICOLON && this.#parentheses === 0 && !this.#body.open) {
        this.at = at + 1;
        return 'semicolon';
      }
      const next = this.#mark(bytes, kind, at, escapeMark);
      if (typeof next !== 'number') return next;
      at = next;
      if (this.#mode !== 'outside') {
        this.at = at;
        return undefined;
      }
    }
    this.at = bytes.length;
    return undefined;
  }

  /** Handles the mark at `at`; gives the position behind it. */
  #mark(bytes: Buffer, kind: number, at: number, escapeMark: number): number | Stop {
    switch (kind) {
      case QUOTE:
        this.#mode = this.#isEscaped(bytes, at, escapeMark) ? 'escaped' : 'quoted';
        return at + 1;
      case DOUBLE_QUOTE:
        this.#mode = 'identifier';
        return at + 1;
      case DOLLAR:
        return this.#dollar(bytes, at);
      case DASH:
      case SLASH:
        return this.#comment(bytes, kind, at);
      case OPEN:
        this.#parentheses += 1;
        return at + 1;
      case CLOSE:
        this.#parentheses = Math.max(0, this.#parentheses - 1);
        return at + 1;
      case SEMICOLON:
        return at + 1;
      default:
        this.at = at;
        return kind === BACKSLASH ? 'backslash' : 'zero';
    }
  }

  #wait(at: number): Stop {
    this.at = at;
    return 'more';
  }

  /**
   * E'…', any '…' without standard strings, and the second half of E'…''…' or of one that a new line continues. The
   * last is the server's rule (scan.l); psql, which reads by lines, gets it wrong.
   */
  #isEscaped(bytes: Buffer, at: number, escapeMark: number): boolean {
    const since = this.#escapedEnd;
    this.#escapedEnd = -1;
    if (!this.standardStrings || escapeMark === at) return true;
    return since >= 0 && at - since <= 4_096 && CONTINUES.test(bytes.toString('latin1', since, at));
  }

  #dollar(bytes: Buffer, at: number): number | Stop {
    let end = at + 1;
    if (KIND[bytes[end] ?? 0] === WORD) end = endOfTag(bytes, end);
    if (end >= bytes.length) return this.#wait(at);
    if (KIND[bytes[end]!] !== DOLLAR) return at + 1;
    this.#tag = Buffer.from(bytes.subarray(at, end + 1));
    this.#mode = 'dollar';
    return end + 1;
  }

  #comment(bytes: Buffer, kind: number, at: number): number | Stop {
    if (at + 1 === bytes.length) return this.#wait(at);
    const begins = bytes[at + 1] === (kind === DASH ? 0x2d : 0x2a);
    if (!begins) return at + 1;
    if (kind === DASH) this.#mode = 'line';
    else this.beginBlock(at + 2);
    return at + 2;
  }

  #inside(bytes: Buffer): Stop | undefined {
    switch (this.#mode) {
      case 'quoted':
        return this.#until(bytes, find(bytes, 0x27, this.at), 1);
      case 'identifier':
        return this.#until(bytes, find(bytes, 0x22, this.at), 1);
      case 'dollar':
        return this.#until(bytes, bytes.indexOf(this.#tag, this.at), this.#tag.length);
      case 'line':
        return this.#until(bytes, endOfLine(bytes, this.at), 1);
      case 'escaped':
        return this.#escaped(bytes);
      default:
        return this.#block(bytes);
    }
  }

  /** Leaves a quote behind the closing mark of `length` bytes at `found`. */
  #until(bytes: Buffer, found: number, length: number): Stop | undefined {
    if (found < 0) return this.#wait(Math.max(this.at, bytes.length - length + 1));
    this.at = found + length;
    this.#mode = 'outside';
    return undefined;
  }

  #escaped(bytes: Buffer): Stop | undefined {
    for (let at = this.at; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === 0x27) {
        this.#escapedEnd = at + 1;
        return this.#until(bytes, at, 1);
      }
      if (byte === 0x5c && ++at === bytes.length) return this.#wait(at - 1);
    }
    return this.#wait(bytes.length);
  }

  #block(bytes: Buffer): Stop | undefined {
    for (let at = this.at; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== 0x2a && byte !== 0x2f) continue;
      if (at + 1 === bytes.length) return this.#wait(at);
      const pair = byte === 0x2a ? 0x2f : 0x2a;
      if (bytes[at + 1] !== pair) continue;
      this.#comments += byte === 0x2f ? 1 : -1;
      at += 1;
      if (this.#comments === 0) return this.#until(bytes, at, 1);
    }
    return this.#wait(bytes.length);
  }
}

/** A word, or a number with whatever is stuck to it; a dollar belongs to a word, not to a number. */
function endOfWord(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && KIND[bytes[end]!] === DIGIT) end += 1;
  if (end === bytes.length || KIND[bytes[end]!] !== WORD) return end;
  while (end < bytes.length && IS_IDENT_PART[bytes[end]!]) end += 1;
  return end;
}

function endOfTag(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && (KIND[bytes[end]!] === WORD || KIND[bytes[end]!] === DIGIT)) end += 1;
  return end;
}

/** psqlscan.l `newline`: a comment ends at either. */
function endOfLine(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === 0x0a || bytes[at] === 0x0d) return at;
  return -1;
}
