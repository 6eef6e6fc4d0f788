/** What pg_dump 18 writes, as an older server can read it: in the words of that time. */
export function forServer(dump: string, major: number): string {
  const timely = major < 17 ? dump.replace(/^SET transaction_timeout = 0;$/m, '') : dump;
  const altering = major < 18 ? timely.replaceAll(LISTED_NOT_NULL, alterColumns) : timely;
  const logged = major < 15 ? altering.replaceAll(/^( {4}SEQUENCE NAME .*)\n {4}LOGGED$/gm, '$1') : altering;
  return major < 16 ? logged.replace(/^(CREATE SUBSCRIPTION .*), run_as_owner = true/gm, '$1') : logged;
}

/** A table with a line for `NOT NULL` of a column that it inherits. Names and defaults of the samples hold no newline. */
const LISTED_NOT_NULL =
  /^CREATE (?:UNLOGGED )?((?:FOREIGN )?TABLE) (.+) \(\n((?: {4}.+\n)* {4}NOT NULL .+\n(?: {4}.+\n)*)\)[^;]*;/gm;

function alterColumns(statement: string, kind: string, table: string, list: string): string {
  const lines = list.split('\n').filter((line) => line !== '');
  const [columns, others] = [lines.filter(isNotNull), lines.filter((line) => !isNotNull(line))];
  const kept = others
    .map((line, n) => `${line.replace(/,$/, '')}${n < others.length - 1 ? ',' : ''}\n`)
    .join('');
  const alters = columns.map(
    (line) =>
      `ALTER ${kind} ONLY ${table} ALTER COLUMN ${line.replace(/^ {4}NOT NULL (.*?),?$/, '$1')} SET NOT NULL;`,
  );
  return [statement.replace(list, () => kept), ...alters].join('\n');
}

const isNotNull = (line: string) => line.startsWith('    NOT NULL ');
