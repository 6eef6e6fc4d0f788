import { findOutside, mask, splitOutside } from '../script/mask.ts';
import { parseName, type TableName, unquote } from '../script/names.ts';

/** A table as the dump makes it. */
export interface TableDefinition {
  readonly table: TableName;
  /** Its own columns and NOT NULL constraints as SQL text, without defaults. */
  readonly items: readonly string[];
  /** Names of its own columns that are computed. */
  readonly generated: readonly string[];
  /** SQL name of the composite type it is made of. */
  readonly ofType: string | undefined;
  readonly inherits: readonly TableName[];
  readonly partitioned: boolean;
  /** Storage parameters as SQL text: `fillfactor='70'`. */
  readonly parameters: string | undefined;
}

const CREATE = /^CREATE (?:UNLOGGED )?TABLE ([^ (;]+)(?: OF ([^ (;]+))?(?: \(([^)]*)\))?/d;

/** Reads pg_dump's CREATE TABLE; `undefined` for any other statement. */
export function readDefinition(statement: string): TableDefinition | undefined {
  const [head, name, ofType, list = ''] = findOutside(statement, CREATE);
  if (head === undefined || name === undefined) return undefined;
  const tail = statement.slice(head.length);
  const items = splitOutside(list, ',');
  return {
    table: parseName(name),
    items: items.filter(isKept).map(withoutDefault),
    generated: items.filter(isGenerated).map((item) => unquote(nameIn(item))),
    ofType,
    inherits: splitOutside(clause(tail, 'INHERITS') ?? '', ',').map(parseName),
    partitioned: /^\s*PARTITION BY /m.test(mask(tail)),
    parameters: clause(tail, 'WITH'),
  };
}

/** Constraints of the table are left out, but for NOT NULL, which says what a column is. */
function isKept(item: string): boolean {
  return !item.startsWith('CONSTRAINT ') || / NOT NULL /.test(mask(item));
}

function isGenerated(item: string): boolean {
  return / GENERATED ALWAYS AS \(/.test(mask(item));
}

function nameIn(column: string): string {
  const end = mask(column).indexOf(' ');
  return end < 0 ? column : column.slice(0, end);
}

/**
 * pg_dump writes `name type DEFAULT expression NOT NULL COLLATE …` (dumpTableSchema in pg_dump.c). A default may draw
 * from a live sequence, or call a function that is gone.
 */
function withoutDefault(item: string): string {
  const masked = mask(item);
  const from = masked.search(/ DEFAULT /);
  if (from < 0) return item;
  const rest = masked.slice(from).search(/ NOT NULL| COLLATE | CONSTRAINT /);
  return item.slice(0, from) + (rest < 0 ? '' : item.slice(from + rest));
}

/** What stands in the parentheses after a keyword at the beginning of a line. */
function clause(tail: string, keyword: string): string | undefined {
  const [, inside] = findOutside(tail, new RegExp(`^${keyword} \\(([^)]*)\\)`, 'dm'));
  return inside;
}

/** The statements that make `as`, on its own: attached to nothing, holding no row. */
export function statementsToMake(
  definition: TableDefinition,
  as: string,
  parents: readonly string[],
): string[] {
  const { items, ofType, parameters } = definition;
  const columns = ofType && items.length === 0 ? '' : ` (${items.join(', ')})`;
  const make = [
    `CREATE TABLE ${as}`,
    ofType ? ` OF ${ofType}` : '',
    columns,
    parents.length > 0 ? ` INHERITS (${parents.join(', ')})` : '',
    parameters && !definition.partitioned ? ` WITH (${parameters})` : '',
  ];
  return [
    make.join(''),
    ...parents.map((parent) => `ALTER TABLE ${as} NO INHERIT ${parent}`),
    ...(ofType ? [`ALTER TABLE ${as} NOT OF`] : []),
  ];
}
