import { randomBytes } from 'node:crypto';
import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { type DatabaseFacts, readDatabase } from '../dump/ddl/database.ts';
import { withStatus } from '../load/events.ts';
import { readAnywhere } from './anywhere.ts';
import { databaseSteps, makeStep, objectSteps, replacedBy, statement } from './differences.ts';
import { requireDroppable } from './droppable.ts';
import { qualified, type SwapNames } from './names.ts';
import { readObjects, type SchemaObject } from './objects.ts';
import type { Rename, Step, SwapPlan } from './plan.ts';

/** What the plan is made from. */
export interface PlanInput {
  readonly names: SwapNames;
  readonly database: string;
  /** On the target; `undefined` when that does not exist. */
  readonly live: MysqlSession | undefined;
  readonly staging: MysqlSession;
  /** On no database. */
  readonly session: MysqlSession;
  /** By name, the status that events have in the dump; in `staging`, they are disabled. */
  readonly events: ReadonlyMap<string, string>;
}

/**
 * Compares what was loaded with what is there, and drops the triggers of what was loaded, as their tables could not move.
 * @throws {CofreError} `RESTORE_REFUSED` where the tables cannot change places
 */
export async function makePlan(input: PlanInput): Promise<SwapPlan> {
  const { database, live, staging, session, names } = input;
  const [oldFacts, facts] = [live && (await readDatabase(live)), await readDatabase(staging)];
  if (live) await requireMovable(live, database);
  const oldTables = live ? await readTableNames(live) : [];
  const newTables = (await readTableNames(staging)).filter(({ name }) => name !== names.journal);
  const old = live ? await readObjects(live, oldFacts!, true) : [];
  const fresh = (await readObjects(staging, facts)).map((it) => enabled(it, input.events));
  const anywhere = await readAnywhere(session, names.staging, database, fresh);
  const defaults = await sequenceSteps(input);
  const inTheWay = viewsInTheWay(oldTables, newTables, facts);
  const away = inTheWay.map((name) => [name, `cofre_${randomBytes(8).toString('hex')}`] as const);
  const replaced = replacedBy(old, fresh);
  if (live) await requireDroppable(live, replaced);
  await dropTriggers(staging, fresh);
  return {
    database,
    create: live ? undefined : `CHARACTER SET ${facts.characterSet} COLLATE ${facts.collation}`,
    renames: [
      ...tablesOf(oldTables).map((name) => renaming([database, name], [names.old, name])),
      ...away.map(([name, other]) => renaming([database, name], [database, other])),
      ...tablesOf(newTables).map((name) => renaming([names.staging, name], [database, name])),
    ],
    oldTriggers: old.filter(({ kind }) => kind === 'TRIGGER').map(({ name }) => name),
    undo: old.filter(({ kind }) => kind === 'TRIGGER').map((it) => makeStep(database, it, () => undefined)),
    forward: [
      ...databaseSteps(database, oldFacts, facts),
      ...defaults,
      ...objectSteps(database, withoutMoved(old, inTheWay), fresh, anywhere),
      ...away.map(([, other]) => dropView(database, other)),
    ],
  };
}

interface TableName {
  readonly name: string;
  readonly kind: string;
}

async function readTableNames(session: MysqlSession): Promise<TableName[]> {
  return await session.query<TableName>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS kind FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE', 'VIEW') ORDER BY 1`,
  );
}

function tablesOf(all: readonly TableName[]): string[] {
  return all.filter(({ kind }) => kind !== 'VIEW').map(({ name }) => name);
}

function renaming(from: Rename['from'], to: Rename['to']): Rename {
  return { from, to };
}

/** Old views whose names new tables have: they move aside in the same statement. */
function viewsInTheWay(
  old: readonly TableName[],
  fresh: readonly TableName[],
  { lowerCaseTableNames }: DatabaseFacts,
): string[] {
  const same = (name: string) => (lowerCaseTableNames === 0 ? name : name.toLowerCase());
  const taken = new Set(tablesOf(fresh).map(same));
  return old.filter(({ kind, name }) => kind === 'VIEW' && taken.has(same(name))).map(({ name }) => name);
}

function withoutMoved(objects: readonly SchemaObject[], moved: readonly string[]): SchemaObject[] {
  return objects.filter(({ kind, name }) => kind !== 'VIEW' || !moved.includes(name));
}

function dropView(database: string, name: string): Step {
  const statements = [statement(`DROP VIEW IF EXISTS ${qualified(database, name)}`)];
  return { statements, anywhere: statements, about: 'leftover' };
}

function enabled(object: SchemaObject, events: ReadonlyMap<string, string>): SchemaObject {
  const status = object.kind === 'EVENT' ? events.get(object.name) : undefined;
  if (status === undefined) return object;
  const statements = object.statements.map((it) =>
    it.head.startsWith('CREATE ') ? withStatus(it, status) : it,
  );
  const before = object.statements.find((it) => it.head.startsWith('CREATE '))?.latin1 ?? '';
  const after = statements.find((it) => it.head.startsWith('CREATE '))?.latin1 ?? '';
  return { ...object, statements, text: object.text.replace(before, () => after) };
}

async function dropTriggers(session: MysqlSession, objects: readonly SchemaObject[]): Promise<void> {
  for (const { kind, name } of objects) {
    if (kind === 'TRIGGER') await session.run(`DROP TRIGGER ${quoteIdent(name)}`);
  }
}

/** MariaDB: a default that comes from a sequence names the schema that the sequence was in. */
async function sequenceSteps({ staging, names, database }: PlanInput): Promise<Step[]> {
  if (staging.server.flavor !== 'mariadb') return [];
  const own = `${quoteIdent(names.staging)}.`;
  const rows = await staging.query<{ table: string; column: string; value: string }>(
    `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\`, COLUMN_DEFAULT AS value FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND INSTR(COLUMN_DEFAULT, ?) > 0`,
    [own],
  );
  return rows.map(({ table, column, value }) => {
    const now = value.replaceAll(own, () => `${quoteIdent(database)}.`);
    const sql = `ALTER TABLE ${qualified(database, table)} ALTER COLUMN ${quoteIdent(column)} SET DEFAULT ${now}`;
    return { statements: [statement(sql)], about: 'column' };
  });
}

/** Foreign keys of other databases would follow the old tables. */
async function requireMovable(session: MysqlSession, database: string): Promise<void> {
  const rows = await session.query<{ key: string }>(
    `SELECT DISTINCT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME, ' (', CONSTRAINT_NAME, ')') AS \`key\`
     FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = ? AND TABLE_SCHEMA <> ? ORDER BY 1`,
    [database, database],
  );
  if (rows.length === 0) return;
  const keys = rows.slice(0, 5).map(({ key }) => key);
  const more = rows.length > 5 ? ` and ${rows.length - 5} more` : '';
  throw new CofreError(
    'RESTORE_REFUSED',
    `Tables of other databases have foreign keys to tables of ${database}, and would keep to the old ones: ${keys.join(', ')}${more}.`,
    {
      hint: 'Nothing was changed. Drop these keys, restore, and make them again; or restore with --mode in-place.',
    },
  );
}
