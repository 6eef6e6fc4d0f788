import type { TableFacts } from '../schema/table-facts.ts';
import type { Statement } from '../script/items.ts';

/** A statement of the post-data that reads whole tables: an index, a key, a foreign key. */
export interface Build {
  readonly statement: Statement;
  /** The table that is read, as it is written. */
  readonly table: string;
  /** Of a foreign key: the table that it points at. */
  readonly other: string | undefined;
  /** An index or key of columns alone: nothing else than the rows of its table can matter to it. */
  readonly isPlain: boolean;
  /** An index leaves its table to other indexes (SHARE); a constraint does not (manual, 13.3 "Explicit Locking"). */
  readonly shares: boolean;
  /** What to run instead of the statement, which errors are told of. */
  readonly sql?: Uint8Array;
}

/** A build whose tables the server knows, so that it can be told what it locks. */
export interface LocatedBuild extends Build {
  readonly facts: { readonly table: TableFacts; readonly other: TableFacts | undefined };
}

/** An identifier as pg_dump writes it. */
export const IDENT = '(?:"(?:[^"]|"")+"|[A-Za-z_\\x80-\\uffff][\\w$\\x80-\\uffff]*)';
const TABLE = `${IDENT}(?:\\.${IDENT})?`;
const INDEX = new RegExp(`^CREATE (?:UNIQUE )?INDEX ${IDENT} ON (${TABLE}) USING `);
const COLUMNS = '\\((?:[^()"]|"(?:[^"]|"")*")*\\)';
const PLAIN_INDEX = new RegExp(
  `${INDEX.source}${IDENT} ${COLUMNS}(?: INCLUDE ${COLUMNS})?(?: NULLS NOT DISTINCT)?;$`,
);
const KEY = new RegExp(`\\sADD CONSTRAINT ${IDENT} (?:PRIMARY KEY|UNIQUE)\\s`);
const CONSTRAINT = new RegExp(
  `^ALTER TABLE (?:ONLY )?(${TABLE})\\s+ADD CONSTRAINT ${IDENT} (?:PRIMARY KEY|UNIQUE|EXCLUDE|` +
    `FOREIGN KEY \\((?:[^()"]|"(?:[^"]|"")*")*\\) REFERENCES (${TABLE})\\s?\\()`,
);

/** Longer ones are not looked at: an expression may go on for ever, the names in front of it do not. */
const LOOK = 8_192;

/** `undefined` for whatever is not written as pg_dump writes these. */
export function buildOf(statement: Statement): Build | undefined {
  if (!/^(?:CREATE|ALTER T)/.test(statement.bytes.toString('latin1', 0, 7))) return undefined;
  if (statement.encoding !== 'UTF8') return undefined;
  const text = statement.bytes.toString('utf8', 0, LOOK);
  const [, indexed] = INDEX.exec(text) ?? [];
  if (indexed !== undefined) {
    return { statement, table: indexed, other: undefined, isPlain: PLAIN_INDEX.test(text), shares: true };
  }
  const [, table, other] = CONSTRAINT.exec(text) ?? [];
  if (table === undefined) return undefined;
  return { statement, table, other, isPlain: KEY.test(text), shares: false };
}
