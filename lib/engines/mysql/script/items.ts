/**
 * What a MySQL script is made of, in the order of the file. `line` counts from 1. All `bytes` are views of the chunks
 * that were given to the splitter (or of a buffer of its own): where those are used again, use them before asking for
 * the next item.
 */
export type SqlItem = Statement | Comment;

/** One complete statement, without the delimiter behind it and the comments before it. */
export class Statement {
  readonly kind = 'statement';
  /** As in the file: to be sent as they are, in whatever character set the script has announced. */
  readonly bytes: Buffer;
  readonly line: number;

  constructor(bytes: Buffer, line: number) {
    this.bytes = bytes;
    this.line = line;
  }

  /** One character a byte: for looking at what is ASCII, and for changing it without touching the rest. */
  get latin1(): string {
    return this.bytes.toString('latin1');
  }

  /** The first bytes in the same way: enough to know what it is. */
  get head(): string {
    return this.bytes.toString('latin1', 0, HEAD);
  }

  /** A copy that outlives the chunk. */
  keep(): Statement {
    return new Statement(Buffer.from(this.bytes), this.line);
  }

  /** The same place with another text, one byte a character. */
  with(latin1: string): Statement {
    return new Statement(Buffer.from(latin1, 'latin1'), this.line);
  }
}

/** Bytes that hold the words which tell what a statement is. */
const HEAD = 4_096;

/** A `-- ` or `#` line between statements, without the marks; cut after 1,000 bytes. */
export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
  readonly line: number;
}
