import { countNewlines, NEWLINE } from '../../sql/script/newlines.ts';
import { cutShort, damaged, refused } from '../../sql/script/refusals.ts';
import { growingWindow } from '../../sql/script/window.ts';
import { IS_SPACE, KIND, WORD } from './characters.ts';
import { readCopyHeader } from './copy-header.ts';
import { type Copy, type Meta, type Rows, type SqlItem, Statement } from './items.ts';
import { endOfRows, findEnd, nextPart, PART } from './rows.ts';
import { Scanner } from './scanner.ts';
import { DEFAULT_SETTINGS, settingsAfter } from './session-settings.ts';

/** Longest line of a psql command, bytes. */
const META_LIMIT = 65_536;

/** Between statements, in a block comment there, in a statement, behind `FROM stdin;`, in rows. */
type Place = 'between' | 'comment' | 'statement' | 'copy' | 'rows';

/**
 * Cuts a plain SQL dump into its items as psql would: chunks may be cut anywhere. Memory: the statement or line that is
 * not yet complete (at most twice, plus a chunk); of rows, one part and one chunk, however long a row is.
 */
export class Splitter {
  readonly #window = growingWindow();
  readonly #scanner = new Scanner();
  #settings = DEFAULT_SETTINGS;
  #place: Place = 'between';
  /** Line of the window's start. */
  #line = 1;
  #statementLine = 1;
  #rows = 0;
  #midRow = false;
  #copy: Copy | undefined;

  /** What is complete after `chunk`, which is free again after the last item. @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED` */
  *push(chunk: Uint8Array): Generator<SqlItem, void> {
    let rest = chunk;
    // The row that the last chunk cut is completed alone, so that the rest of this one need not be copied.
    if (this.#place === 'rows' && this.#window.start < this.#window.bytes.length) {
      const end = chunk.indexOf(NEWLINE) + 1 || chunk.length;
      yield* this.#add(chunk.subarray(0, end));
      rest = chunk.subarray(end);
    }
    if (rest.length > 0) yield* this.#add(rest);
    this.#scanner.move(this.#window.keep());
  }

  /** What is complete at the end. @throws {CofreError} `BACKUP_DAMAGED` when the end is not between statements. */
  *end(): Generator<SqlItem, void> {
    yield* this.push(LINE_END);
    if (this.#place === 'between' && this.#window.start === this.#window.bytes.length) return;
    if (this.#place === 'rows' || this.#place === 'copy') {
      throw cutShort(`it ends amid the rows of ${this.#copy?.table}, from line ${this.#copy?.line} on`);
    }
    const what = this.#place === 'comment' ? 'comment' : 'statement';
    throw cutShort(`it ends amid a ${what} that begins in line ${this.#statementLine}`);
  }

  *#add(chunk: Uint8Array): Generator<SqlItem, void> {
    this.#scanner.move(this.#window.append(chunk));
    for (;;) {
      const [place, start] = [this.#place, this.#window.start];
      if (place === 'rows') yield* this.#takeRows();
      else {
        const item = this.#step();
        if (item) yield item;
      }
      if (this.#place === place && this.#window.start === start) return;
    }
  }

  #step(): SqlItem | undefined {
    switch (this.#place) {
      case 'between':
        return this.#between();
      case 'comment':
        return this.#blockComment();
      case 'statement':
        return this.#statement();
      default:
        return this.#dataBegins();
    }
  }

  /** Counts the lines up to `to` and is done with them. */
  #consume(to: number): void {
    this.#line += countNewlines(this.#window.bytes, this.#window.start, to);
    this.#window.consume(to);
  }

  #between(): SqlItem | undefined {
    const { bytes } = this.#window;
    let at = this.#window.start;
    let first = bytes[at];
    // A semicolon alone is an empty statement.
    while (first !== undefined && (IS_SPACE[first] || first === 0x3b)) {
      at += 1;
      first = bytes[at];
    }
    this.#consume(at);
    if (first === undefined) return undefined;
    this.#statementLine = this.#line;
    const second = bytes[at + 1];
    if (first === 0x5c) return this.#meta(at);
    if (first === 0x2d || first === 0x2f) {
      if (second === undefined) return undefined;
      if (first === 0x2d && second === 0x2d) return this.#lineComment(at);
      if (first === 0x2f && second === 0x2a) {
        this.#scanner.beginBlock(at + 2);
        this.#place = 'comment';
        return undefined;
      }
    }
    if (KIND[first] !== WORD && first !== 0x28) throw damaged(`has no SQL in line ${this.#line}`);
    this.#scanner.begin(at);
    this.#place = 'statement';
    return undefined;
  }

  #lineComment(at: number): SqlItem | undefined {
    const { bytes } = this.#window;
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return undefined;
    const text = bytes.toString('latin1', at + 2, Math.min(end, at + 1_002)).trim();
    const line = this.#line;
    this.#consume(end + 1);
    return { kind: 'comment', text, line };
  }

  #blockComment(): undefined {
    if (!this.#scanner.blockEnded(this.#window.bytes)) return;
    this.#consume(this.#scanner.at);
    this.#place = 'between';
  }

  #meta(at: number): SqlItem | undefined {
    const { bytes } = this.#window;
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0 && bytes.length - at <= META_LIMIT) return undefined;
    if (end < 0 || end - at > META_LIMIT) throw damaged(`has no end of line after line ${this.#line}`);
    const meta = metaOf(bytes.toString('utf8', at + 1, end), this.#line);
    this.#consume(end + 1);
    return meta;
  }

  #statement(): SqlItem | undefined {
    const { bytes, start } = this.#window;
    const stop = this.#scanner.scan(bytes);
    if (stop === 'more') return undefined;
    if (stop !== 'semicolon') throw this.#notSql(stop);
    const { at } = this.#scanner;
    const line = this.#statementLine;
    const statement = new Statement(bytes.subarray(start, at), line, this.#settings.encoding);
    this.#settings = settingsAfter(statement.bytes, line, this.#settings);
    this.#scanner.standardStrings = this.#settings.standardStrings;
    this.#consume(at);
    this.#place = 'between';
    return isCopy(statement.bytes) ? this.#copyOf(statement) : statement;
  }

  /** Rows that have lost their COPY statement look like this. */
  #notSql(stop: 'backslash' | 'zero'): Error {
    const what = stop === 'zero' ? 'a zero byte' : 'a backslash (of a row, or of a psql command)';
    return damaged(`has ${what} amid the statement that begins in line ${this.#statementLine}`);
  }

  #copyOf(statement: Statement): SqlItem | undefined {
    this.#copy = readCopyHeader(statement);
    if (!this.#copy) return statement;
    this.#place = 'copy';
    return this.#copy;
  }

  /** The data begins in the line after the statement's. */
  #dataBegins(): undefined {
    const { bytes, start } = this.#window;
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) return;
    if (!/^\s*(?:--.*)?$/.test(bytes.toString('latin1', start, end))) {
      throw refused(
        `Line ${this.#line}: something follows COPY in its line.`,
        'Put it behind the data, or load the file with psql.',
      );
    }
    this.#consume(end + 1);
    [this.#place, this.#rows, this.#midRow] = ['rows', 0, false];
  }

  *#takeRows(): Generator<SqlItem, void> {
    const { bytes } = this.#window;
    const end = findEnd(bytes, this.#window.start, this.#midRow);
    const whole = end ? end.at : endOfRows(bytes, this.#window.start);
    while (this.#window.start < whole) yield this.#takePart(whole);
    if (end) {
      this.#consume(end.next);
      this.#place = 'between';
      yield { kind: 'copy-end', rows: this.#rows };
    } else {
      yield* this.#takeLongRow();
    }
  }

  /** Of a row that is longer than a part, all that has come: it need not be kept. */
  *#takeLongRow(): Generator<SqlItem, void> {
    const { bytes } = this.#window;
    while (bytes.length > this.#window.start && (this.#midRow || bytes.length - this.#window.start > PART)) {
      const part = this.#takePart(bytes.length);
      if (part.bytes.length === 0) return;
      yield part;
    }
  }

  #takePart(to: number): Rows {
    const part = nextPart(this.#window.bytes, this.#window.start, to);
    this.#window.consume(this.#window.start + part.bytes.length);
    this.#line += part.rows;
    this.#rows += part.rows;
    if (part.bytes.length > 0) this.#midRow = part.open;
    return part;
  }
}

const LINE_END = Buffer.from('\n');

/** @param text of the line, without its backslash */
function metaOf(text: string, line: number): Meta {
  const blank = text.search(/\s/);
  const end = blank < 0 ? text.length : blank;
  return { kind: 'meta', command: text.slice(0, end), argument: text.slice(end).trim(), line };
}

function isCopy(statement: Buffer): boolean {
  return (statement.readUInt8(0) | 0x20) === 0x63 && /^copy\b/i.test(statement.toString('latin1', 0, 5));
}
