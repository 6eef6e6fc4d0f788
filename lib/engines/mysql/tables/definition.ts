import type { Statement } from '../script/items.ts';

const HEAD = /^CREATE TABLE (`(?:[^`]|``)+`) \(/;

/** The table that a statement makes, as UTF-8 has it. */
export function tableOf({ head }: Statement): string | undefined {
  const quoted = HEAD.exec(head)?.[1];
  return quoted && Buffer.from(quoted.slice(1, -1).replaceAll('``', '`'), 'latin1').toString();
}

const FOREIGN = /^ {2}CONSTRAINT `(?:[^`]|``)+` FOREIGN KEY /;
const CHECK = /^( {2})CONSTRAINT `(?:[^`]|``)+` (?=CHECK )/;
const SEQUENCE = / DEFAULT (?:next|last)val\((?:`(?:[^`]|``)+`\.)?`(?:[^`]|``)+`\)/i;

/**
 * A definition without what ties a table to others: foreign keys, values from sequences, and names of checks, which
 * only one table of a database may have.
 */
export function standingAlone(statement: Statement): Statement {
  const lines = statement.latin1.split('\n');
  const end = lines.findIndex((line) => line.startsWith(')'));
  if (end < 0) return statement;
  const items = lines.slice(1, end).map((line) => line.replace(/,$/, ''));
  const kept = items.filter((line) => !FOREIGN.test(line));
  const alone = kept.map((line) => line.replace(CHECK, '$1').replace(SEQUENCE, ''));
  return statement.with([lines[0], alone.join(',\n'), ...lines.slice(end)].join('\n'));
}
