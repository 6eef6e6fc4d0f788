import { countNewlines, NEWLINE } from '../../sql/script/newlines.ts';
import { cutShort, damaged, refused } from '../../sql/script/refusals.ts';
import { growingWindow } from '../../sql/script/window.ts';
import { afterSpace, isRun } from './characters.ts';
import { type SqlItem, Statement } from './items.ts';
import { Scanner } from './scanner.ts';
import { readingSettings } from './session-settings.ts';

/** Longest line with a command of the client, bytes. */
const COMMAND_LIMIT = 65_536;

/** `delimiter ` and `/*M!999999`, bytes. */
const LONGEST_MARK = 10;

/** Between statements, in a block comment there, in a statement. */
type Place = 'between' | 'comment' | 'statement';

/**
 * Cuts a script into its items as the `mysql` client would: chunks may be cut anywhere. Memory: the statement that is
 * not yet complete (at most twice, plus a chunk).
 */
export class Splitter {
  readonly #window = growingWindow();
  readonly #scanner = new Scanner();
  readonly #settings = readingSettings();
  #place: Place = 'between';
  /** Line of the window's start. */
  #line = 1;
  #statementLine = 1;

  /** What is complete after `chunk`, which is free again after the last item. @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED` */
  *push(chunk: Uint8Array): Generator<SqlItem, void> {
    if (chunk.length === 0) return;
    this.#scanner.move(this.#window.append(chunk));
    for (;;) {
      const [place, start] = [this.#place, this.#window.start];
      const item = this.#step();
      if (item) yield item;
      if (this.#place === place && this.#window.start === start) break;
    }
    this.#scanner.move(this.#window.keep());
  }

  /** What is complete at the end. @throws {CofreError} `BACKUP_DAMAGED` when the end is not between statements. */
  *end(): Generator<SqlItem, void> {
    yield* this.push(LINE_END);
    this.requireBetween();
  }

  /** @throws {CofreError} `BACKUP_DAMAGED` when something has begun and not ended. */
  requireBetween(): void {
    const { bytes, start } = this.#window;
    if (this.#place === 'between' && afterSpace(bytes, start) === bytes.length) return;
    const what = this.#place === 'comment' ? 'comment' : 'statement';
    throw cutShort(`it ends amid a ${what} that begins in line ${this.#statementLine}`);
  }

  #step(): SqlItem | undefined {
    if (this.#place === 'between') return this.#between();
    if (this.#place === 'comment') return this.#blockComment();
    return this.#statement();
  }

  /** Counts the lines up to `to` and is done with them. */
  #consume(to: number): void {
    this.#line += countNewlines(this.#window.bytes, this.#window.start, to);
    this.#window.consume(to);
  }

  #between(): SqlItem | undefined {
    const { bytes } = this.#window;
    const at = afterSpace(bytes, this.#window.start);
    this.#consume(at);
    if (at === bytes.length) return undefined;
    if (!this.#canTell(at)) return undefined;
    this.#statementLine = this.#line;
    const { delimiter } = this.#scanner;
    // A delimiter alone is an empty statement.
    if (delimiter.equals(bytes.subarray(at, at + delimiter.length))) this.#consume(at + delimiter.length);
    else if (bytes[at] === HASH) return this.#lineComment(at, 1);
    else if (this.#isDashComment(at)) return this.#lineComment(at, 2);
    else if (this.#isIgnored(at)) this.#beginComment(at);
    else if (this.#isCommand(at)) this.#command(at);
    else this.#begin(at);
    return undefined;
  }

  /** Enough has come to say what it is. */
  #canTell(at: number): boolean {
    const { bytes } = this.#window;
    return bytes.length - at >= LONGEST_MARK || bytes.includes(NEWLINE, at);
  }

  #isDashComment(at: number): boolean {
    const { bytes } = this.#window;
    return bytes[at] === DASH && bytes[at + 1] === DASH && (bytes[at + 2] ?? 0) <= 0x20;
  }

  /** A comment that no server runs; MariaDB's mark at the head of its dumps is for a version that never comes. */
  #isIgnored(at: number): boolean {
    const { bytes } = this.#window;
    if (bytes[at] !== SLASH || bytes[at + 1] !== STAR) return false;
    if (!isRun(bytes[at + 2], bytes[at + 3])) return true;
    return /^\/\*M?!99999/.test(bytes.toString('latin1', at, at + LONGEST_MARK));
  }

  #isCommand(at: number): boolean {
    return /^delimiter\s$/i.test(this.#window.bytes.toString('latin1', at, at + LONGEST_MARK));
  }

  #beginComment(at: number): void {
    this.#scanner.beginBlock(at + 2);
    this.#place = 'comment';
  }

  #blockComment(): undefined {
    if (!this.#scanner.blockEnded(this.#window.bytes)) return;
    this.#consume(this.#scanner.at);
    this.#place = 'between';
  }

  #lineComment(at: number, mark: number): SqlItem | undefined {
    const { bytes } = this.#window;
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return undefined;
    const text = bytes.toString('utf8', at + mark, Math.min(end, at + 1_000 + mark)).trim();
    const line = this.#line;
    this.#consume(end + 1);
    return { kind: 'comment', text, line };
  }

  /** DELIMITER, which is the client's own, and no statement. */
  #command(at: number): void {
    const { bytes } = this.#window;
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0 && bytes.length - at <= COMMAND_LIMIT) return;
    const [, delimiter] = /^delimiter\s+(\S+)/i.exec(bytes.toString('latin1', at, end)) ?? [];
    if (end < 0 || delimiter === undefined) throw damaged(`has DELIMITER without one in line ${this.#line}`);
    this.#scanner.delimiter = Buffer.from(delimiter.replace(/^(['"`])(.*)\1$/, '$2'), 'latin1');
    this.#consume(end + 1);
  }

  #begin(at: number): void {
    this.#scanner.begin(at);
    this.#scanner.escapes = this.#settings.escapes;
    this.#place = 'statement';
  }

  #statement(): SqlItem | undefined {
    const { bytes, start } = this.#window;
    const stop = this.#scanner.scan(bytes);
    if (stop === 'more') return undefined;
    if (stop === 'command') throw this.#clientCommand(bytes);
    const { at, delimiter } = this.#scanner;
    const statement = new Statement(bytes.subarray(start, at - delimiter.length), this.#statementLine);
    this.#settings.take(statement);
    this.#consume(at);
    this.#place = 'between';
    return statement;
  }

  #clientCommand(bytes: Buffer): Error {
    const { at } = this.#scanner;
    const line = this.#line + countNewlines(bytes, this.#window.start, at);
    const command = bytes.toString('latin1', at, at + 2).trim();
    return refused(
      `Line ${line}: ${command} is a command for the mysql client, or part of a row that has lost its beginning.`,
      'If you trust the file, load it with mysql; else get it again from where it came.',
    );
  }
}

const HASH = 0x23;
const DASH = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;
const LINE_END = Buffer.from('\n');
