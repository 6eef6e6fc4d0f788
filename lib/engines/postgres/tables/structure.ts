import { mask } from '../script/mask.ts';
import { parseName, sqlName } from '../script/names.ts';
import { readDefinition, type TableDefinition } from './definition.ts';

/** What the dump's pre-data says of tables; all names as `sqlName` writes them. */
export interface Structure {
  readonly definitions: ReadonlyMap<string, TableDefinition>;
  /** The partitioned table of each partition. */
  readonly parentOf: ReadonlyMap<string, string>;
  /** What is said of a table's columns once it is made: `ALTER COLUMN c SET STORAGE EXTERNAL`. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const ATTACH = /^ALTER TABLE ONLY ([^ ]+) ATTACH PARTITION ([^ ]+) /d;
const COLUMN = /^ALTER TABLE ONLY ([^ ]+) (ALTER COLUMN [^ ]+ SET (?:STORAGE \w+|COMPRESSION \w+|NOT NULL))/d;

export async function readStructure(statements: AsyncIterable<string>): Promise<Structure> {
  const definitions = new Map<string, TableDefinition>();
  const parentOf = new Map<string, string>();
  const columns = new Map<string, string[]>();
  for await (const statement of statements) {
    if (!/^(?:CREATE (?:UNLOGGED )?TABLE|ALTER TABLE ONLY) /.test(statement)) continue;
    const definition = readDefinition(statement);
    if (definition) definitions.set(sqlName(definition.table), definition);
    const attached = partsOf(statement, ATTACH);
    if (attached) parentOf.set(canonical(attached[1]!), canonical(attached[0]!));
    const altered = partsOf(statement, COLUMN);
    if (altered) append(columns, canonical(altered[0]!), altered[1]!);
  }
  return { definitions, parentOf, columns };
}

function partsOf(statement: string, pattern: RegExp): string[] | undefined {
  const found = pattern.exec(mask(statement));
  return found?.indices?.slice(1).map((range) => statement.slice(...range!));
}

function canonical(name: string): string {
  return sqlName(parseName(name));
}

function append(to: Map<string, string[]>, key: string, item: string): void {
  const items = to.get(key) ?? [];
  items.push(item);
  to.set(key, items);
}

/** Whether `table` is a partition of `ancestor`, or of one of its partitions. */
export function isWithin(table: string, ancestor: string, structure: Structure): boolean {
  const parent = structure.parentOf.get(table);
  return parent !== undefined && (parent === ancestor || isWithin(parent, ancestor, structure));
}
