import { rewriteStatements } from './rewrite.ts';
import { masked } from './top-level.ts';

/**
 * Writes what pg_dump 18 says in words that only later servers than its own know as that server's own pg_dump would, so
 * that the dump can go back to where it comes from.
 */
export function forOldServer(text: string, escapes: boolean, serverVersionNum: number): string {
  return CHANGES.filter(({ since }) => serverVersionNum < since).reduce(
    (changed, { change }) => change(changed, escapes),
    text,
  );
}

interface Change {
  /** The version that came to know what is changed, as `server_version_num`. */
  readonly since: number;
  readonly change: (text: string, escapes: boolean) => string;
}

const RUN_AS_OWNER = /^(CREATE SUBSCRIPTION .* WITH \(connect = false, .*), run_as_owner = true\);\n/gm;

const CHANGES: readonly Change[] = [
  { since: 180_000, change: inheritedNotNulls },
  { since: 170_000, change: (text) => text.replace('\nSET transaction_timeout = 0;\n', '\n') },
  { since: 160_000, change: (text) => text.replaceAll(RUN_AS_OWNER, '$1);\n') },
  { since: 150_000, change: loggedIdentities },
];

/** As `masked` leaves it. */
const IDENT = '(?:"[^"]*"|[^"\\s(),.]+)';
const TABLE = new RegExp(`^CREATE (?:UNLOGGED |FOREIGN )?TABLE (${IDENT}(?:\\.${IDENT})?) \\(\\n`);
const BEFORE = '(\n    NOT NULL ';
const NOT_NULL = new RegExp(`[(,]\\n {4}NOT NULL ${IDENT}(?=,?\\n)`);

/**
 * `NOT NULL` of a column that a table inherits stands in the list of its columns, which 18 is the first to read. Before
 * that, pg_dump altered the column.
 */
function inheritedNotNulls(text: string, escapes: boolean): string {
  if (!/^ {4}NOT NULL /m.test(text)) return text;
  return rewriteStatements(text, escapes, (statement) => {
    const [, table] = TABLE.exec(masked(statement, escapes)) ?? [];
    return table === undefined ? statement : alteringColumns(statement, table.length, escapes);
  });
}

/** @param nameLength of the table's name, which is before the first ` (` */
function alteringColumns(statement: string, nameLength: number, escapes: boolean): string {
  const columns: string[] = [];
  let create = statement;
  for (let cut = cutNotNull(create, escapes); cut; cut = cutNotNull(create, escapes)) {
    columns.push(cut.column);
    create = cut.rest;
  }
  const end = masked(statement, escapes).indexOf(' (\n');
  const kind = statement.startsWith('CREATE FOREIGN ') ? 'FOREIGN TABLE' : 'TABLE';
  const table = `ALTER ${kind} ONLY ${statement.slice(end - nameLength, end)}`;
  return [create, ...columns.map((column) => `${table} ALTER COLUMN ${column} SET NOT NULL;`)].join('\n\n');
}

/** Of the commas around what is cut out, one goes with it. */
function cutNotNull(create: string, escapes: boolean): { column: string; rest: string } | undefined {
  const text = masked(create, escapes);
  const found = NOT_NULL.exec(text);
  if (!found) return undefined;
  const [start, end] = [found.index, found.index + found[0].length];
  const isFirst = text[start] === '(';
  const from = isFirst ? start + 1 : start;
  const to = isFirst && text[end] === ',' ? end + 1 : end;
  return {
    column: create.slice(start + BEFORE.length, end),
    rest: create.slice(0, from) + create.slice(to),
  };
}

/** Before 15, sequences of unlogged tables are logged, without a word for it. */
function loggedIdentities(text: string, escapes: boolean): string {
  if (!/^ {4}LOGGED$/m.test(text)) return text;
  return rewriteStatements(text, escapes, (statement) => {
    const found = / ADD GENERATED [A-Z ]+ AS IDENTITY \(\n {4}SEQUENCE NAME .*(?=\n {4}LOGGED\n)/.exec(
      masked(statement, escapes),
    );
    if (!found || !statement.startsWith('ALTER ')) return statement;
    const at = found.index + found[0].length;
    return statement.slice(0, at) + statement.slice(at + '\n    LOGGED'.length);
  });
}
