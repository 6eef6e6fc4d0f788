import { findOutside } from '../script/mask.ts';
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
    const [, parent, partition] = findOutside(statement, ATTACH);
    if (parent && partition) parentOf.set(canonical(partition), canonical(parent));
    const [, table, change] = findOutside(statement, COLUMN);
    if (table && change) append(columns, canonical(table), change);
  }
  return { definitions, parentOf, columns };
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
