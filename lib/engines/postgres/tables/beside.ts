import { randomBytes } from 'node:crypto';
import { CofreError } from '../../../errors.ts';
import type { EngineContext, TablesInput } from '../../engine.ts';
import { restoredName, sqlName, type TableName } from '../script/names.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { statementsToMake } from './definition.ts';
import { missingThing } from './misfits.ts';
import type { PlannedTable } from './plan.ts';
import { copyRows } from './rows.ts';
import type { Structure } from './structure.ts';
import { findLive, refused, shownName } from './target.ts';

/** A table that was brought back, and the SQL name of the one that has its rows now. */
export interface RestoredTable {
  readonly planned: PlannedTable;
  readonly restoredAs: string;
}

/** What a way of bringing tables back has done: the tables in the order of the plan. */
export interface Restored {
  readonly tables: readonly RestoredTable[];
  readonly warnings: readonly string[];
}

/** Makes a new table for each planned one, in the same schema, and fills it. Live tables are not touched. */
export async function restoreBeside(
  session: PgSession,
  planned: readonly PlannedTable[],
  structure: Structure,
  input: TablesInput,
  context: EngineContext,
): Promise<Restored> {
  const warnings: string[] = [];
  const copies: { readonly planned: PlannedTable; readonly copy: TableName }[] = [];
  for (const it of planned) {
    if (await makeSchema(session, it.table.schema)) warnings.push(schemaMade(it.table.schema));
    copies.push({ planned: it, copy: await makeCopy(session, it, structure, context.clock.now()) });
  }
  const destinations = copies.map(({ planned: it, copy }) => ({
    planned: it,
    into: sqlName(copy),
    isLive: false,
    accept: () => {},
  }));
  await copyRows(session, destinations, input, context);
  const tables: RestoredTable[] = [];
  for (const { planned: it, copy } of copies) {
    tables.push({ planned: it, restoredAs: await shownName(session, copy) });
  }
  return { tables, warnings };
}

/** Whoever lost a whole schema wants its tables back all the same, and in their place. */
async function makeSchema({ client }: PgSession, schema: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount) return false;
  await client.query(`CREATE SCHEMA ${quoteIdent(schema)}`).catch((cause) => {
    if (!isServerError(cause) || cause.code !== '42501') throw cause;
    const hint = `Make it first (CREATE SCHEMA ${quoteIdent(schema)}) and grant CREATE on it, or connect as the owner of the database.`;
    throw refused(`The schema ${schema} is gone, and this role may not make it.`, hint, cause);
  });
  return true;
}

function schemaMade(schema: string): string {
  return `The schema ${schema} was gone and has been made, without the grants that it had.`;
}

async function makeCopy(
  session: PgSession,
  { name, table, definition }: PlannedTable,
  structure: Structure,
  now: Date,
): Promise<TableName> {
  const copy = await freeName(session, table, now);
  try {
    if (definition) await make(session, sqlName(table), table.schema, sqlName(copy), structure);
    else await makeLikeLive(session, table, sqlName(copy));
    return copy;
  } catch (error) {
    throw missingThing(error, name);
  }
}

/** Not taken by any relation or type of the schema, nor by a copy made just before. */
async function freeName(session: PgSession, { schema, name }: TableName, now: Date): Promise<TableName> {
  for (let attempt = 1; ; attempt++) {
    const copy = { schema, name: restoredName(name, now, attempt) };
    if (!(await findLive(session, copy))) return copy;
  }
}

/**
 * A table that inherits columns is made below copies of its parents, which are then let go and dropped: the server
 * itself merges the columns, and the new table hangs on nothing.
 */
async function make(
  session: PgSession,
  table: string,
  schema: string,
  as: string,
  structure: Structure,
): Promise<void> {
  const definition = structure.definitions.get(table);
  if (!definition) throw undefinedTable(table);
  const parents: string[] = [];
  for (const parent of definition.inherits) {
    const name = sqlName({ schema, name: `cofre_parent_${randomBytes(8).toString('hex')}` });
    await make(session, sqlName(parent), schema, name, structure);
    parents.push(name);
  }
  const alters = (structure.columns.get(table) ?? []).map((change) => `ALTER TABLE ${as} ${change}`);
  for (const statement of [...statementsToMake(definition, as, parents), ...alters]) {
    await session.client.query(statement);
  }
  for (const parent of parents) await session.client.query(`DROP TABLE ${parent}`);
}

/** The dump does not define the tables that extensions make; it has those of their rows that a user added. */
async function makeLikeLive(session: PgSession, table: TableName, as: string): Promise<void> {
  const live = await findLive(session, table);
  if (!live?.ofExtension) throw undefinedTable(sqlName(table));
  await session.client.query(
    `CREATE TABLE ${as} (LIKE ${sqlName(table)} INCLUDING GENERATED INCLUDING STORAGE)`,
  );
}

function undefinedTable(table: string): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The backup has no definition of table ${table}.`, {
    hint: 'Nothing was changed. Was it made by an extension, create that first; else check the backup with `cofre verify`.',
  });
}
