import { known } from '../../../known.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { INTEGER, type KeyColumn } from '../schema/data-catalog.ts';
import {
  isValue,
  type KeyTuple,
  keyExpression,
  keyLiteral,
  keyOrder,
  keyValues,
  type RangeKey,
} from './key-text.ts';
import { rangeCondition } from './range-condition.ts';

/** A place to cut a table, and the estimated share of its rows that lies before it and after the one before. */
export interface Boundary {
  readonly tuple: KeyTuple;
  readonly rows: number;
}

/**
 * Finds where to cut a table so that each part has about `rows` rows, in the order of its key. Integers are halved,
 * and the server asked for an estimate of each half, which costs it two looks into the index; other values have to be
 * counted off along it, which costs about a fifth of reading the rows.
 */
export async function* boundaries(
  session: MysqlSession,
  table: string,
  key: RangeKey,
  rows: number,
): AsyncGenerator<Boundary> {
  let sum = 0;
  for await (const found of new Search(session, table, key, rows).within([])) {
    sum += found.rows;
    if (found.tuple) {
      yield { tuple: found.tuple, rows: sum };
      sum = 0;
    }
  }
}

/** Rows that were passed, and the boundary that follows them, if one does. */
interface Passed {
  readonly rows: number;
  readonly tuple?: KeyTuple;
}

/** The integers from one to another, both counted in. */
type Part = readonly [low: bigint, high: bigint];

class Search {
  readonly #session: MysqlSession;
  readonly #key: readonly KeyColumn[];
  readonly #rows: number;
  readonly #from: string;

  constructor(session: MysqlSession, table: string, { index, columns }: RangeKey, rows: number) {
    this.#session = session;
    this.#key = columns;
    this.#rows = rows;
    this.#from = `FROM ${quoteIdent(table)} FORCE INDEX (${quoteIdent(index)})`;
  }

  /** Cuts the rows that begin with `prefix`. */
  async *within(prefix: KeyTuple): AsyncGenerator<Passed> {
    const column = this.#key[prefix.length];
    if (!column) return;
    if (!INTEGER.test(column.type)) yield* this.#countOff(prefix);
    else {
      const ends = await this.#ends(column, prefix);
      if (ends) yield* this.#halve(prefix, column, ends[0], ends[1]);
    }
  }

  async *#halve(prefix: KeyTuple, column: KeyColumn, low: bigint, high: bigint): AsyncGenerator<Passed> {
    const rows = await this.#estimate(prefix, column, low, high);
    if (rows <= this.#rows * 1.5) yield { rows };
    else if (low === high) yield* this.#deeper([...prefix, String(low)], rows);
    else {
      const middle = (low + high) >> 1n;
      const [lower, upper]: [Part, Part] = [
        [low, middle],
        [middle + 1n, high],
      ];
      const [first, second] = column.descending ? [upper, lower] : [lower, upper];
      yield* this.#halve(prefix, column, ...first);
      const begin = column.descending ? second[1] : second[0];
      yield { rows: 0, tuple: [...prefix, String(begin)] };
      yield* this.#halve(prefix, column, ...second);
    }
  }

  async *#deeper(prefix: KeyTuple, rows: number): AsyncGenerator<Passed> {
    if (prefix.length === this.#key.length) yield { rows };
    else yield* this.within(prefix);
  }

  async *#countOff(prefix: KeyTuple): AsyncGenerator<Passed> {
    const rest = this.#key.slice(prefix.length);
    const values = rest.map((column, n) => `${keyExpression(column)} AS k${n}`).join(', ');
    let from: KeyTuple | undefined;
    for (;;) {
      const where = whereOf([...this.#begins(prefix), rangeCondition(rest, { from })]);
      const sql = `SELECT ${values} ${this.#from} ${where} ${keyOrder(rest)} LIMIT ${this.#rows}, 1`;
      const [row] = await this.#session.query<Record<string, string>>(sql);
      from =
        row &&
        rest.map((column, n) => keyLiteral(column, known(row[`k${n}`], `The value of ${column.name}`)));
      yield { rows: this.#rows, ...(from && { tuple: [...prefix, ...from] }) };
      if (!from) return;
    }
  }

  /** The lowest and the highest value; `undefined` when there are no rows. */
  async #ends(column: KeyColumn, prefix: KeyTuple): Promise<Part | undefined> {
    const name = quoteIdent(column.name);
    const sql = `SELECT CAST(MIN(${name}) AS CHAR) AS low, CAST(MAX(${name}) AS CHAR) AS high ${this.#from} ${whereOf(this.#begins(prefix))}`;
    const [row] = await this.#session.query<{ low: string | null; high: string | null }>(sql);
    return row?.low && row.high ? [BigInt(row.low), BigInt(row.high)] : undefined;
  }

  async #estimate(prefix: KeyTuple, column: KeyColumn, low: bigint, high: bigint): Promise<number> {
    const name = quoteIdent(column.name);
    const where = whereOf([...this.#begins(prefix), `${name} >= ${low} AND ${name} <= ${high}`]);
    // Of an index that is forced on it, MySQL makes no estimate.
    const sql = `EXPLAIN FORMAT=TRADITIONAL SELECT * ${this.#from.replace(' FORCE ', ' USE ')} ${where}`;
    const [row] = await this.#session.query<{ rows: number | string | null }>(sql);
    return Number(row?.rows ?? 0);
  }

  #begins(prefix: KeyTuple): string[] {
    return keyValues(this.#key, prefix).map(isValue);
  }
}

function whereOf(conditions: readonly string[]): string {
  const given = conditions.filter((condition) => condition !== '');
  return given.length > 0 ? `WHERE ${given.join(' AND ')}` : '';
}
