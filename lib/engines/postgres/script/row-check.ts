import { isUtf8 } from 'node:buffer';
import { alignedFrom, NEWLINE, wordsOf } from '../../sql/script/newlines.ts';
import { damaged } from '../../sql/script/refusals.ts';
import { findLow, TAB } from './bytes.ts';
import type { Copy, Rows } from './items.ts';

const BACKSLASH = 0x5c;

/** Checks the rows of one COPY block (manual, COPY, "Text Format"). */
export class RowCheck {
  /** Rows so far. */
  rows = 0;
  readonly #copy: Copy;
  /** Tabs of each row; `undefined` where the columns are not known. */
  readonly #expected: number | undefined;
  /** Tabs of the row so far. */
  #tabs = 0;
  /** The last part ended with a backslash that belongs to what follows. */
  #isEscaped = false;

  constructor(copy: Copy) {
    this.#copy = copy;
    this.#expected = copy.columns && copy.columns.length - 1;
  }

  /** @throws {CofreError} `BACKUP_DAMAGED` when a row has another number of columns, or is not valid UTF-8. */
  take({ bytes }: Rows): void {
    this.#count(bytes);
    this.#isEscaped = isEscapedAt(bytes, bytes.length, this.#isEscaped);
    if (this.#copy.statement.encoding === 'UTF8' && !isUtf8(bytes)) {
      throw damaged(`has text that is not valid UTF-8 in ${this.#copy.table}, about row ${this.rows}`);
    }
  }

  #count(bytes: Buffer): void {
    const aligned = Math.min(alignedFrom(bytes, 0), bytes.length);
    const words = wordsOf(bytes, aligned, bytes.length);
    let tabs = this.#tabs;
    for (let at = -1; ; ) {
      at = findLow(bytes, words, aligned, at + 1);
      if (at >= bytes.length) break;
      const mayBeEscaped = at === 0 ? this.#isEscaped : bytes[at - 1] === BACKSLASH;
      if (mayBeEscaped && isEscapedAt(bytes, at, this.#isEscaped)) continue;
      if (bytes[at] === TAB) tabs += 1;
      else if (bytes[at] === NEWLINE) {
        this.#endRow(tabs);
        tabs = 0;
      }
    }
    this.#tabs = tabs;
  }

  #endRow(tabs: number): void {
    this.rows += 1;
    if (this.#expected === undefined || this.#expected === tabs) return;
    const { table } = this.#copy;
    throw damaged(`has ${tabs + 1} instead of ${this.#expected + 1} columns in row ${this.rows} of ${table}`);
  }
}

/** Whether an odd number of backslashes ends before `at`; `before`: whether one is left over from the last part. */
function isEscapedAt(bytes: Buffer, at: number, before: boolean): boolean {
  let from = at;
  while (from > 0 && bytes[from - 1] === BACKSLASH) from -= 1;
  const isOdd = (at - from) % 2 === 1;
  return from === 0 ? isOdd !== before : isOdd;
}
