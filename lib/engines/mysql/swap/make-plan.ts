import { randomBytes } from 'node:crypto';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { withStatus } from '../load/events.ts';
import { type DatabaseFacts, readDatabase } from '../schema/database.ts';
import { readObjects, type SchemaObject } from '../schema/objects.ts';
import { readAnywhere } from './anywhere.ts';
import { databaseSteps, makeStep, objectSteps, replacedBy, statement, UTF8 } from './differences.ts';
import { requireDroppable } from './droppable.ts';
import { requireMovable } from './movable.ts';
import { qualified, type SwapNames } from './names.ts';
import type { Step, SwapPlan } from './plan.ts';
import { readTableNames, renaming, tablesOf, viewsInTheWay } from './table-names.ts';

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
  const oldFacts = live && (await readDatabase(live));
  const facts = await readDatabase(staging);
  if (live) await requireMovable(live, database);
  const oldTables = live ? await readTableNames(live) : [];
  const newTables = (await readTableNames(staging)).filter(({ name }) => name !== names.journal);
  const old = live && oldFacts ? comparable(await readObjects(live, oldFacts, true), oldFacts, facts) : [];
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

/** Programs keep the collation that their database had when they were made, and their texts tell only of another one. */
function comparable(
  objects: readonly SchemaObject[],
  { collation }: DatabaseFacts,
  fresh: DatabaseFacts,
): SchemaObject[] {
  return objects.map((object) => (collation === fresh.collation ? object : { ...object, text: '' }));
}

function withoutMoved(objects: readonly SchemaObject[], moved: readonly string[]): SchemaObject[] {
  return objects.filter(({ kind, name }) => kind !== 'VIEW' || !moved.includes(name));
}

function dropView(database: string, name: string): Step {
  const statements = [UTF8, statement(`DROP VIEW IF EXISTS ${qualified(database, name)}`)];
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
