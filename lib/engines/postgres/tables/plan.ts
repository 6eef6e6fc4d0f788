import { CofreError } from '../../../errors.ts';
import type { TablesInput } from '../../engine.ts';
import { parseName, sqlName, type TableName } from '../script/names.ts';
import type { TableDefinition } from './definition.ts';
import { isWithin, type Structure } from './structure.ts';

/** One table to bring back. */
export interface PlannedTable {
  /** As the caller named it. */
  readonly name: string;
  readonly table: TableName;
  /** `undefined` for a table that an extension made, which the dump does not define. */
  readonly definition: TableDefinition | undefined;
  /** Tables of the dump, named as there, whose rows it gets: itself, or the partitions below it. */
  readonly sources: readonly string[];
  /** Rows of all sources. */
  readonly rows: number;
}

/** @throws {CofreError} `BACKUP_NOT_FOUND` for a table that the dump does not have */
export function planTables({ tables, known }: TablesInput, structure: Structure): PlannedTable[] {
  const keyed = known.map((it) => ({ ...it, key: sqlName(parseName(it.name)) }));
  return [...new Set(tables)].map((name) => {
    const table = parseName(name);
    const key = sqlName(table);
    const definition = structure.definitions.get(key);
    const sources = keyed.filter((it) => it.key === key || isWithin(it.key, key, structure));
    if (sources.length === 0 && !definition?.partitioned) throw notThere(name);
    const rows = sources.reduce((sum, source) => sum + source.rows, 0);
    return { name, table, definition, sources: sources.map((source) => source.name), rows };
  });
}

function notThere(name: string): CofreError {
  return new CofreError('BACKUP_NOT_FOUND', `The backup has no table ${name}.`, {
    hint: 'Write it with its schema, as `cofre show` lists it.',
  });
}
