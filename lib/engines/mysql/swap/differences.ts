import { quoteIdent, quoteLiteral } from '../connection/identifiers.ts';
import type { DatabaseFacts } from '../schema/database.ts';
import type { ObjectKind, SchemaObject } from '../schema/objects.ts';
import { Statement } from '../script/items.ts';
import { type Anywhere, isCreate } from './anywhere.ts';
import { qualified } from './names.ts';
import type { Step } from './plan.ts';

/** A statement of ours, in UTF-8. */
export function statement(sql: string): Statement {
  return new Statement(Buffer.from(sql), 0);
}

/** What makes a database's own settings those of another one. */
export function databaseSteps(
  database: string,
  old: DatabaseFacts | undefined,
  fresh: DatabaseFacts,
): Step[] {
  const changes = [
    ...(old?.characterSet === fresh.characterSet && old.collation === fresh.collation
      ? []
      : [`CHARACTER SET ${fresh.characterSet} COLLATE ${fresh.collation}`]),
    ...((old?.comment ?? '') === fresh.comment ? [] : [`COMMENT ${quoteLiteral(fresh.comment)}`]),
    ...((old?.encrypted ?? false) === fresh.encrypted ? [] : [`ENCRYPTION '${fresh.encrypted ? 'Y' : 'N'}'`]),
  ];
  return changes.map((change) => {
    const statements = [statement(`ALTER DATABASE ${quoteIdent(database)} ${change}`)];
    return { statements, about: 'database' };
  });
}

const ABOUT: Readonly<Record<ObjectKind, Step['about']>> = {
  LIBRARY: 'routine',
  PACKAGE: 'routine',
  'PACKAGE BODY': 'routine',
  FUNCTION: 'routine',
  PROCEDURE: 'routine',
  VIEW: 'view',
  TRIGGER: 'trigger',
  EVENT: 'event',
};

/**
 * What makes the objects of a database those of another one: what is gone is dropped, what differs made anew, what is
 * equal left alone. Triggers went with their tables, and are all made.
 */
export function objectSteps(
  database: string,
  old: readonly SchemaObject[],
  fresh: readonly SchemaObject[],
  anywhere: Anywhere,
): Step[] {
  const texts = new Map(old.map((object) => [keyOf(object), object.text]));
  const names = new Set(fresh.map(keyOf));
  const gone = old.filter((object) => object.kind !== 'TRIGGER' && !names.has(keyOf(object)));
  const changed = fresh.filter(
    (object) => object.kind === 'TRIGGER' || texts.get(keyOf(object)) !== object.text,
  );
  const making = changed.map((object) => makeStep(database, object, anywhere));
  // Triggers first: their tables are in use as soon as they are there.
  return [
    ...making.filter(({ about }) => about === 'trigger'),
    ...gone.map((object) => dropStep(database, object)),
    ...making.filter(({ about }) => about !== 'trigger'),
  ];
}

/** What is there and will be dropped, or made anew. */
export function replacedBy(old: readonly SchemaObject[], fresh: readonly SchemaObject[]): SchemaObject[] {
  const texts = new Map(fresh.map((object) => [keyOf(object), object.text]));
  return old.filter((object) => texts.get(keyOf(object)) !== object.text);
}

const keyOf = ({ kind, name }: SchemaObject) => `${kind} ${name}`;

/** What is ours is in UTF-8, whatever the object before has set for its own. */
export const UTF8 = statement('SET NAMES utf8mb4');
/** MariaDB knows packages only in this mode; and views have to be read in none. */
const ORACLE = statement("SET SESSION sql_mode = 'ORACLE'");
const PLAIN = statement("SET SESSION sql_mode = ''");

function dropping(database: string, object: SchemaObject): Statement[] {
  const drop = statement(`DROP ${object.kind} IF EXISTS ${qualified(database, object.name)}`);
  return object.kind.startsWith('PACKAGE') ? [UTF8, ORACLE, drop, PLAIN] : [UTF8, drop];
}

function dropStep(database: string, object: SchemaObject): Step {
  const statements = dropping(database, object);
  const isRoutine = ABOUT[object.kind] === 'routine';
  return { statements, about: ABOUT[object.kind], ...(!isRoutine && { anywhere: statements }) };
}

/** A view is replaced in one step; of other things there is a moment without. */
export function makeStep(database: string, object: SchemaObject, anywhere: Anywhere): Step {
  const prepared = (statements: readonly Statement[]) =>
    object.kind === 'VIEW'
      ? [PLAIN, ...statements.map(replacing)]
      : [...dropping(database, object), ...statements];
  const independent = anywhere(object);
  return {
    statements: prepared(object.statements),
    about: ABOUT[object.kind],
    ...(independent && { anywhere: prepared(independent) }),
  };
}

function replacing(it: Statement): Statement {
  return isCreate(it) ? it.with(`CREATE OR REPLACE ${it.latin1.slice('CREATE '.length)}`) : it;
}
