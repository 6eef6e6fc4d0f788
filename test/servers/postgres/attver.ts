const NAME = '(?:[\\w$\\u0080-\\uffff]+|"(?:[^"]|"")+")';
/** A column's options, as pg_dump writes them; a name in quotes may hold anything, newlines included. */
const COLUMN_OPTIONS = new RegExp(
  `^(ALTER (?:FOREIGN )?TABLE ONLY ${NAME}\\.${NAME} ALTER COLUMN ${NAME} SET \\()([^()\\n]*)(\\);\\n)`,
  'gm',
);

/**
 * A dump without `pg_attver`, an option of their own that some minor releases (Debian's 15.20) keep among those of each
 * column: it differs in every copy of a database, so what is compared must not show it.
 */
export function withoutAttver(dump: string): string {
  if (!dump.includes('pg_attver=')) return dump;
  return dump.replace(COLUMN_OPTIONS, (_, before: string, list: string, after: string) => {
    const options = list.split(', ').filter((option) => !option.startsWith('pg_attver='));
    return options.length === 0 ? '' : `${before}${options.join(', ')}${after}`;
  });
}
