// biome-ignore-all lint/style/noNonNullAssertion: every byte of a script passes here, and the loop ends where they do.
import {
  BACKSLASH,
  BACKTICK,
  DASH,
  DELIMITER,
  HASH,
  isRun,
  kindsFor,
  PLAIN,
  QUOTE,
  STAR,
} from './characters.ts';

/** Why a scan stopped: at the end of what has come, behind a statement's delimiter, at a command of the client. */
export type Stop = 'more' | 'delimiter' | 'command';

type Mode = 'outside' | 'quoted' | 'backtick' | 'line' | 'block';

const SEMICOLON = Buffer.from(';');

/**
 * Finds the end of a statement by the rules of the `mysql` client (client/mysql.cc, `add_line`). It stops wherever the
 * bytes end and goes on from there, so that no byte is looked at twice; a mark at the very end waits for what follows.
 */
export class Scanner {
  /** Next byte to look at. */
  at = 0;
  /** Whether a backslash in a string escapes what follows: not in `sql_mode` NO_BACKSLASH_ESCAPES. */
  escapes = true;
  #delimiter: Buffer = SEMICOLON;
  #kinds = kindsFor(SEMICOLON);
  #mode: Mode = 'outside';
  #quote = 0;
  /** In the text of a comment that some servers run, as in `/*!50003 … *\/`. */
  #conditional = false;

  get delimiter(): Buffer {
    return this.#delimiter;
  }

  set delimiter(delimiter: Buffer) {
    this.#delimiter = delimiter;
    this.#kinds = kindsFor(delimiter);
  }

  /** Begins a statement at `at`. */
  begin(at: number): void {
    [this.at, this.#mode, this.#conditional] = [at, 'outside', false];
  }

  /** Begins a block comment behind its opening mark. */
  beginBlock(at: number): void {
    [this.at, this.#mode] = [at, 'block'];
  }

  /** Everything has moved towards 0. */
  move(by: number): void {
    this.at -= by;
  }

  scan(bytes: Buffer): Stop {
    while (this.at < bytes.length) {
      const before = this.at;
      const stop = this.#mode === 'outside' ? this.#outside(bytes) : this.#inside(bytes);
      if (stop) return stop;
      if (this.at === before && this.#mode === 'outside') return 'more';
    }
    return 'more';
  }

  /** Goes on in a block comment outside of statements; says whether it has ended. */
  blockEnded(bytes: Buffer): boolean {
    if (this.#mode === 'block') this.#inside(bytes);
    return this.#mode !== 'block';
  }

  #outside(bytes: Buffer): Stop | undefined {
    const kinds = this.#kinds;
    for (let at = this.at; at < bytes.length; ) {
      const kind = kinds[bytes[at]!]!;
      if (kind === PLAIN) {
        at += 1;
        continue;
      }
      const next = this.#mark(bytes, kind, at);
      if (typeof next === 'string') return next;
      this.at = at = next;
      if (this.#mode !== 'outside') return undefined;
    }
    this.at = bytes.length;
    return undefined;
  }

  /** Handles the mark at `at`; gives the position behind it. */
  #mark(bytes: Buffer, kind: number, at: number): number | Stop {
    switch (kind) {
      case DELIMITER:
        return this.#delimiterAt(bytes, at);
      case QUOTE:
        [this.#mode, this.#quote] = ['quoted', bytes.readUInt8(at)];
        return at + 1;
      case BACKTICK:
        this.#mode = 'backtick';
        return at + 1;
      case HASH:
        this.#mode = 'line';
        return at + 1;
      case BACKSLASH:
        return this.#conditional ? at + 1 : this.#stop(at, 'command');
      default:
        return this.#pair(bytes, kind, at);
    }
  }

  #stop(at: number, stop: Stop): Stop {
    this.at = at;
    return stop;
  }

  #delimiterAt(bytes: Buffer, at: number): number | Stop {
    const { length } = this.#delimiter;
    if (bytes.length - at < length) {
      const isBegun = this.#delimiter.compare(bytes, at, bytes.length, 0, bytes.length - at) === 0;
      if (isBegun) return this.#stop(at, 'more');
    } else if (this.#delimiter.compare(bytes, at, at + length) === 0) {
      return this.#stop(at + length, 'delimiter');
    }
    // A delimiter may begin like something else: "//" like a comment.
    const kind = OTHER_KINDS.readUInt8(bytes.readUInt8(at));
    return kind === PLAIN || kind === DELIMITER ? at + 1 : this.#mark(bytes, kind, at);
  }

  /** `-- `, the marks of comments, or nothing of the kind. */
  #pair(bytes: Buffer, kind: number, at: number): number | Stop {
    const [second, third] = [bytes[at + 1], bytes[at + 2]];
    if (second === undefined) return this.#stop(at, 'more');
    if (kind === DASH) return this.#dash(second, third, at);
    if (kind === STAR) {
      if (second !== 0x2f) return at + 1;
      this.#conditional = false;
      return at + 2;
    }
    if (second !== 0x2a) return at + 1;
    if (third === undefined || (third === 0x4d && bytes[at + 3] === undefined)) return this.#stop(at, 'more');
    if (isRun(third, bytes[at + 3])) this.#conditional = true;
    else this.#mode = 'block';
    return at + 2;
  }

  #dash(second: number, third: number | undefined, at: number): number | Stop {
    if (second !== 0x2d) return at + 1;
    if (third === undefined) return this.#stop(at, 'more');
    if (third > 0x20) return at + 1;
    this.#mode = 'line';
    return at + 2;
  }

  #inside(bytes: Buffer): Stop | undefined {
    switch (this.#mode) {
      case 'quoted':
        return this.#quoted(bytes);
      case 'backtick':
        return this.#until(bytes, bytes.indexOf(0x60, this.at), 1);
      case 'line':
        return this.#until(bytes, bytes.indexOf(0x0a, this.at), 1);
      default:
        return this.#until(bytes, bytes.indexOf(BLOCK_END, this.at), 2);
    }
  }

  /** Leaves a quote or comment behind the closing mark of `length` bytes at `found`. */
  #until(bytes: Buffer, found: number, length: number): Stop | undefined {
    if (found < 0) return this.#stop(Math.max(this.at, bytes.length - length + 1), 'more');
    this.at = found + length;
    this.#mode = 'outside';
    return undefined;
  }

  /** A doubled quote ends one string and begins the next. */
  #quoted(bytes: Buffer): Stop | undefined {
    const [quote, escapes] = [this.#quote, this.escapes];
    for (let at = this.at; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) return this.#until(bytes, at, 1);
      if (byte === 0x5c && escapes && ++at === bytes.length) return this.#stop(at - 1, 'more');
    }
    return this.#stop(bytes.length, 'more');
  }
}

const BLOCK_END = Buffer.from('*/');
/** Without any delimiter that a script could have. */
const OTHER_KINDS = Buffer.from(kindsFor(Buffer.from('\0')));
