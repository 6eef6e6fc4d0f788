import { hash } from 'node:crypto';
import type { RowSum } from './content.ts';

/** Words of 32 bits in a sum. */
const WORDS = 4;
const WORD = 2 ** 32;
/** Rows after which carries are passed on: sums of so many words are exact in a double. */
const CARRY_AFTER = 2 ** 20;

/** Adds up rows in any order. */
export interface RowSummer {
  add(row: Uint8Array): void;
  result(): RowSum;
}

/**
 * Sums the first 128 bits of the SHA-256 of each row, modulo 2^128 (AdHash; Bellare and Micciancio, 1997): the same rows
 * in any order give the same sum, a row that is there twice counts twice.
 */
export function rowSummer(): RowSummer {
  const words = new Array<number>(WORDS).fill(0);
  let rows = 0;
  return {
    add(row) {
      const digest = hash('sha256', row, 'buffer');
      for (let word = 0; word < WORDS; word += 1) words[word]! += digest.readUInt32BE(word * 4);
      rows += 1;
      if (rows % CARRY_AFTER === 0) carry(words);
    },
    result() {
      carry(words);
      return { rows, sum: words.map((word) => word.toString(16).padStart(8, '0')).join('') };
    },
  };
}

/** From the lowest word, which is the last, to the highest, whose carry is dropped. */
function carry(words: number[]): void {
  let over = 0;
  for (let word = WORDS - 1; word >= 0; word -= 1) {
    const sum = words[word]! + over;
    over = Math.floor(sum / WORD);
    words[word] = sum % WORD;
  }
}
