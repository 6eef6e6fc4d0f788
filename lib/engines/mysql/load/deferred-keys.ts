import type { Statement } from '../script/items.ts';

/** A table that is made without what slows its rows down, and what is to be added once they are in. */
export interface Deferred {
  /** Makes the table with its primary key alone. */
  readonly table: Statement;
  /** Name of the table, as UTF-8 has it. */
  readonly name: string;
  /** Adds its indexes: to be run one after the other, beside those of other tables. */
  readonly indexes: readonly Statement[];
  /** Adds its foreign keys: to be run when all tables have their indexes. */
  readonly foreignKeys: Statement | undefined;
}

/** Lines of a definition as SHOW CREATE TABLE writes it: one column, key or constraint each. */
const HEAD = /^CREATE TABLE (`(?:[^`]|``)+`) \($/;
const KEY = /^ {2}(?:UNIQUE |SPATIAL )?KEY /;
const FULLTEXT = /^ {2}FULLTEXT KEY /;
const FOREIGN = /^ {2}CONSTRAINT `(?:[^`]|``)+` FOREIGN KEY /;

/**
 * Takes a definition apart. `undefined` for one that is written in another way, has nothing to be deferred, or needs its
 * keys from the beginning: to order its rows, or to count them (AUTO_INCREMENT).
 */
export function deferKeys(statement: Statement): Deferred | undefined {
  const lines = statement.latin1.split('\n');
  const [head = ''] = lines;
  const quoted = HEAD.exec(head)?.[1];
  const end = lines.findIndex((line) => line.startsWith(')'));
  const ending = lines[end];
  if (quoted === undefined || ending === undefined) return undefined;
  const items = lines.slice(1, end).map((line) => line.replace(/,$/, ''));
  const isDeferred = (line: string) => KEY.test(line) || FULLTEXT.test(line) || FOREIGN.test(line);
  const kept = items.filter((line) => !isDeferred(line));
  if (kept.length === items.length || !isKeyed(kept) || !/ENGINE=InnoDB\b/.test(ending)) return undefined;
  const alter = (additions: readonly string[]) =>
    statement.with(`ALTER TABLE ${quoted} ${additions.map((line) => `ADD ${line.trim()}`).join(', ')}`);
  const matching = (pattern: RegExp) => items.filter((line) => pattern.test(line));
  const [keys, fulltext, foreign] = [matching(KEY), matching(FULLTEXT), matching(FOREIGN)];
  return {
    table: statement.with([head, kept.join(',\n'), ...lines.slice(end)].join('\n')),
    name: Buffer.from(quoted.slice(1, -1).replaceAll('``', '`'), 'latin1').toString(),
    // InnoDB builds one full-text index at a time.
    indexes: [...(keys.length > 0 ? [alter(keys)] : []), ...fulltext.map((line) => alter([line]))],
    foreignKeys: foreign.length > 0 ? alter(foreign) : undefined,
  };
}

function isKeyed(kept: readonly string[]): boolean {
  const primary = kept.find((line) => line.startsWith('  PRIMARY KEY ('));
  const counted = kept.find((line) =>
    / AUTO_INCREMENT\b/.test(line.replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''")),
  );
  if (primary === undefined) return false;
  const column = /^ {2}(`(?:[^`]|``)+`) /.exec(counted ?? '')?.[1];
  return column === undefined || primary.startsWith(`  PRIMARY KEY (${column}`);
}
