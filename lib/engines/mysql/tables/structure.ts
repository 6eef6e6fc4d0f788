import { CofreError } from '../../../errors.ts';
import type { TablesInput } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { Statement } from '../script/items.ts';
import { scriptReader } from '../script/script.ts';
import { tableOf } from './definition.ts';

/** What a dump says of the tables that are wanted. */
export interface Structure {
  /** What its sessions have to set. */
  readonly settings: readonly Statement[];
  /** The definition of each, by name. */
  readonly tables: ReadonlyMap<string, Statement>;
}

/**
 * Reads the structure that a dump begins with.
 * @throws {CofreError} `BACKUP_DAMAGED` when it lacks one of the tables
 */
export async function readStructure(input: TablesInput, signal: AbortSignal): Promise<Structure> {
  const settings: Statement[] = [];
  const tables = new Map<string, Statement>();
  const reader = scriptReader(() => {});
  const take = (statements: Iterable<Statement>) => {
    for (const statement of statements) {
      const table = tableOf(statement);
      if (table !== undefined && input.tables.includes(table)) tables.set(table, statement.keep());
      if (tables.size === 0 && SETTING.test(statement.head)) settings.push(statement.keep());
    }
  };
  for await (const { bytes, release } of untilAborted(input.read('pre-data'), signal)) {
    take(reader.push(bytes));
    release?.();
  }
  take(reader.rest());
  const missing = input.tables.find((name) => !tables.has(name));
  if (missing === undefined) return { settings, tables };
  throw new CofreError('BACKUP_DAMAGED', `The backup has no definition of table ${missing}.`, {
    hint: 'Nothing was changed. Check the backup with `cofre verify`, and use another one.',
  });
}

/** Of the session, and the defaults that definitions may rely on. */
const SETTING = /^(?:\/\*M?!\d*\s*)?(?:SET|ALTER DATABASE)\b/;
