import { rewriteStatements } from './rewrite.ts';

const ATTRIBUTE_OPTIONS =
  /^(ALTER (?:FOREIGN )?TABLE ONLY [\s\S]+ ALTER COLUMN [\s\S]+ SET \()([^()]*\bpg_attver=[^()]*)(\);)$/;

/**
 * Some minor releases keep an option `pg_attver` of their own among those of a column (pg_attribute.attoptions). No
 * server takes it back, so it is left out; others of the column stay.
 */
export function withoutAttver(text: string, escapes: boolean): string {
  if (!text.includes('pg_attver=')) return text;
  return rewriteStatements(text, escapes, (statement) => {
    const [, before, list, after] = ATTRIBUTE_OPTIONS.exec(statement) ?? [];
    if (list === undefined) return statement;
    const options = list.split(', ').filter((option) => !option.startsWith('pg_attver='));
    return options.length === 0 ? '' : `${before}${options.join(', ')}${after}`;
  });
}
