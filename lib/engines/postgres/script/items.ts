import { CofreError } from '../../../errors.ts';
import { decodeLossless, encodeLossless } from './lossless.ts';

/**
 * What a plain SQL dump is made of, in the order of the file. `line` counts from 1. All `bytes` are views of the chunks
 * that were given to the splitter (or of a buffer of its own): where those are used again, use them before asking for
 * the next item.
 */
export type SqlItem = Statement | Copy | Rows | CopyEnd | Meta | Comment;

/** One complete statement at top level, with its semicolon and without the comments before it. */
export class Statement {
  readonly kind = 'statement';
  /** As in the file: to be sent as they are when `encoding` is not UTF8. */
  readonly bytes: Buffer;
  readonly line: number;
  /** What `client_encoding` is for this statement: `UTF8`, `LATIN1`, … without punctuation. */
  readonly encoding: string;

  constructor(bytes: Buffer, line: number, encoding: string) {
    this.bytes = bytes;
    this.line = line;
    this.encoding = encoding;
  }

  /**
   * For looking at it, and for sending by `encode`. Where the encoding is neither UTF-8 nor none, only the ASCII parts
   * are what they seem.
   * @throws {CofreError} `BACKUP_DAMAGED` when `encoding` is UTF8 and it is not valid.
   */
  get text(): string {
    if (this.encoding === NONE) return decodeLossless(this.bytes);
    if (this.encoding !== 'UTF8') return this.bytes.toString('latin1');
    try {
      return DECODER.decode(this.bytes);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new CofreError('BACKUP_DAMAGED', `Line ${this.line}: the text is not valid UTF-8.`, {
        cause,
        hint: 'The target is untouched. Get the file again from where it came, or use another backup.',
      });
    }
  }

  /** A copy that outlives the chunk. */
  keep(): Statement {
    return new Statement(Buffer.from(this.bytes), this.line, this.encoding);
  }

  /** Bytes of a part of `text`, or of what was made of it. */
  encode(text: string): Buffer {
    if (this.encoding === NONE) return encodeLossless(text);
    return Buffer.from(text, this.encoding === 'UTF8' ? 'utf8' : 'latin1');
  }
}

/** `SQL_ASCII`: whatever bytes a database without an encoding holds. */
const NONE = 'SQLASCII';
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `COPY … FROM stdin;` in text format; then come its `rows` and one `copy-end`. */
export interface Copy {
  readonly kind: 'copy';
  /** With its semicolon. */
  readonly statement: Statement;
  /** As written after COPY, as `public."My Table"`. */
  readonly table: string;
  /** Unquoted names; `undefined` where there is no list (a table without columns, for one). */
  readonly columns: readonly string[] | undefined;
  readonly line: number;
}

/** Part of a COPY block: whole rows, about 1 MiB; a row longer than that comes in several parts. */
export interface Rows {
  readonly kind: 'rows';
  readonly bytes: Buffer;
  /** Lines that end in `bytes`. */
  readonly rows: number;
  /** The last row goes on in the next part, which begins with a whole UTF-8 character. */
  readonly open: boolean;
}

export interface CopyEnd {
  readonly kind: 'copy-end';
  /** Lines of the whole block. */
  readonly rows: number;
}

/** A backslash command of psql, with the rest of its line as argument. */
export interface Meta {
  readonly kind: 'meta';
  readonly command: string;
  readonly argument: string;
  readonly line: number;
}

/** A `--` line between statements, without the dashes; cut after 1,000 bytes. */
export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
  readonly line: number;
}
