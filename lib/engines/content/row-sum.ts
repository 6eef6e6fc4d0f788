import { hash } from 'node:crypto';
import type { RowSum } from './content.ts';

/** A sum in words of 32 bits, the highest first; each may hold more until it is carried on. */
type Words = [number, number, number, number];

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
  let words: Words = [0, 0, 0, 0];
  let rows = 0;
  return {
    add(row) {
      const digest = hash('sha256', row, 'buffer');
      words[0] += digest.readUInt32BE(0);
      words[1] += digest.readUInt32BE(4);
      words[2] += digest.readUInt32BE(8);
      words[3] += digest.readUInt32BE(12);
      rows += 1;
      if (rows % CARRY_AFTER === 0) words = carried(words);
    },
    result() {
      words = carried(words);
      return { rows, sum: words.map((word) => word.toString(16).padStart(8, '0')).join('') };
    },
  };
}

/** From the lowest word, which is the last, to the highest, whose carry is dropped. */
function carried([first, second, third, fourth]: Words): Words {
  const upToThird = third + Math.floor(fourth / WORD);
  const upToSecond = second + Math.floor(upToThird / WORD);
  const upToFirst = first + Math.floor(upToSecond / WORD);
  return [upToFirst % WORD, upToSecond % WORD, upToThird % WORD, fourth % WORD];
}
