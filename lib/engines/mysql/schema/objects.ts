import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { Statement } from '../script/items.ts';
import { Splitter } from '../script/splitter.ts';
import type { DatabaseFacts } from './database.ts';
import { eventTexts } from './events.ts';
import { functionNames, libraryTexts, routineTexts } from './routines.ts';
import { rawText, withoutConversion } from './show-create.ts';
import { triggerTexts } from './triggers.ts';
import { viewTexts } from './views.ts';

export type ObjectKind =
  | 'LIBRARY'
  | 'PACKAGE'
  | 'PACKAGE BODY'
  | 'FUNCTION'
  | 'PROCEDURE'
  | 'VIEW'
  | 'TRIGGER'
  | 'EVENT';

/** Something of a database that is no table. */
export interface SchemaObject {
  readonly kind: ObjectKind;
  readonly name: string;
  /** As a dump has it: equal texts make equal objects. */
  readonly text: string;
  /** What makes it, settings of the session first; empty for a view that is broken, and for what may not be seen. */
  readonly statements: readonly Statement[];
  /** Whose it is, as `user@host`, of routines and events. */
  readonly definer: string | undefined;
}

/** What exists, in the order in which it can be made. Names as the server keeps them. */
const LISTS: Readonly<Record<'ROUTINE' | 'VIEW' | 'TRIGGER' | 'EVENT', string>> = {
  ROUTINE: `SELECT ROUTINE_TYPE AS kind, ROUTINE_NAME AS name, DEFINER AS definer FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()`,
  VIEW: `SELECT 'VIEW' AS kind, TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()`,
  TRIGGER: `SELECT 'TRIGGER' AS kind, TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()`,
  EVENT: `SELECT 'EVENT' AS kind, EVENT_NAME AS name, DEFINER AS definer FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`,
};

const LIBRARIES = `SELECT 'LIBRARY' AS kind, LIBRARY_NAME AS name FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = DATABASE()`;

/**
 * All of them in the session's database, whose own settings are `database`.
 * @param asTarget only to be replaced: content with the names of views, whose tables may be locked, and of routines whose
 * text the user may not see
 */
export async function readObjects(
  session: MysqlSession,
  { collation, lowerCaseTableNames }: Pick<DatabaseFacts, 'collation' | 'lowerCaseTableNames'>,
  asTarget = false,
): Promise<SchemaObject[]> {
  const names = await readNames(session);
  const named = new Map(names.map((it) => [titleOf(it.kind, it.name), it]));
  const own = session.settings.database;
  const isOwn = (name: string) => {
    const text = Buffer.from(name, 'latin1').toString();
    return lowerCaseTableNames === 0 ? text === own : text.toLowerCase() === own.toLowerCase();
  };
  const things = [...(await tableNames(session)), ...(await functionNames(session))];
  const texts = await withoutConversion(session, async () => [
    ...(await libraryTexts(session)),
    ...(await routines(session, collation, asTarget)),
    ...(asTarget ? [] : (await viewTexts(session, isOwn, things)).texts),
    ...(await triggerTexts(session, collation)),
    ...(await eventTexts(session, collation)),
  ]);
  const objects = texts.map((text) => objectOf(text, named));
  const read = new Set(objects.map(({ kind, name }) => titleOf(kind, name)));
  const hidden = names.filter(({ kind, name }) => !read.has(titleOf(kind, name)));
  return [...hidden.map((it) => ({ ...it, text: '', statements: [] })), ...objects];
}

async function routines(session: MysqlSession, collation: string, allowHidden: boolean): Promise<string[]> {
  return await routineTexts(session, collation).catch((error) => {
    if (allowHidden && error instanceof CofreError && error.code === 'SOURCE_FAILED') return [];
    throw error;
  });
}

type Named = Pick<SchemaObject, 'kind' | 'name' | 'definer'>;

async function readNames(session: MysqlSession): Promise<Named[]> {
  const { flavor, number } = session.server;
  const lists = [...Object.values(LISTS), ...(flavor === 'mysql' && number >= 90_200 ? [LIBRARIES] : [])];
  const found: Named[][] = [];
  for (const sql of lists) found.push(await session.query<Named>(sql));
  return found.flat();
}

async function tableNames(session: MysqlSession): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW'",
  );
  return rows.map(({ name }) => name);
}

/** The comment above an object in a dump. */
function titleOf(kind: string, name: string): string {
  return rawText(`${kind.charAt(0)}${kind.slice(1).toLowerCase()} ${name.replaceAll(/[\r\n]/g, ' ')}`);
}

function objectOf(text: string, named: ReadonlyMap<string, Named>): SchemaObject {
  const title = /^-- ([^\n]*?)(?:, which the server could not use: [^\n]*)?\n/.exec(text)?.[1];
  const found = named.get(title ?? '');
  if (!found) throw new Error(`The object "${title}" came or went while it was read.`);
  return { ...found, text, statements: statementsOf(text) };
}

function statementsOf(text: string): Statement[] {
  const splitter = new Splitter();
  const items = [...splitter.push(Buffer.from(text, 'latin1')), ...splitter.end()];
  return items.filter((item) => item.kind === 'statement').map((statement) => statement.keep());
}
