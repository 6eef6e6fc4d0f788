import { known } from '../../../known.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { SchemaObject } from '../schema/objects.ts';
import { mentionedNames } from '../schema/own-names.ts';
import { queryRaw, rawText, withoutConversion } from '../schema/show-create.ts';
import { sqlTokens } from '../schema/sql-tokens.ts';
import type { Statement } from '../script/items.ts';
import { targetOf } from '../script/target.ts';
import { tokensOf } from '../script/tokens.ts';
import { qualified } from './names.ts';

/** An object's statements, so that they make it in its database whatever database the session is on. */
export type Anywhere = (object: SchemaObject) => readonly Statement[] | undefined;

/**
 * Reads the views of `staging` as `database` will have them, each table with the name of its database. Those that call
 * functions are left out, as the server does not say whose they are; so is what depends on the database itself.
 * @param session on another database
 */
export async function readAnywhere(
  session: MysqlSession,
  staging: string,
  database: string,
  objects: readonly SchemaObject[],
): Promise<Anywhere> {
  const functions = objects.filter(({ kind }) => kind === 'FUNCTION').map(({ name }) => rawText(name));
  const views = new Map<string, string>();
  await withoutConversion(session, async () => {
    for (const { kind, name } of objects) {
      if (kind !== 'VIEW') continue;
      const [row] = await queryRaw(session, `SHOW CREATE VIEW ${qualified(staging, name)}`);
      views.set(name, moved(known(row?.['create view'], `The text of the view ${name}`), staging, database));
    }
  });
  return (object) => {
    if (object.statements.some(({ head }) => head.startsWith('ALTER DATABASE'))) return undefined;
    if (object.kind === 'EVENT') return object.statements.map((it) => withDatabase(it, database));
    const sql = views.get(object.name);
    if (object.kind !== 'VIEW' || sql === undefined) return undefined;
    const names = mentionedNames(sql);
    if (functions.some((name) => names.has(name))) return undefined;
    return object.statements.map((it) => (isCreate(it) ? it.with(sql) : it));
  };
}

export function isCreate({ head }: Statement): boolean {
  return head.startsWith('CREATE ');
}

/** The server's own text of something, in another schema. */
function moved(sql: string, from: string, to: string): string {
  const tokens = [...sqlTokens(sql)];
  const [old, fresh] = [quoteIdent(from), rawText(quoteIdent(to))];
  return tokens.map(({ text }, n) => (text === old && tokens[n + 1]?.text === '.' ? fresh : text)).join('');
}

function withDatabase(given: Statement, database: string): Statement {
  const target = targetOf(tokensOf(given.head, 60), given.head);
  if (!isCreate(given) || !target) return given;
  const text = given.latin1;
  const [before, name] = [text.slice(0, target.from), text.slice(target.from)];
  return given.with(`${before}${rawText(quoteIdent(database))}.${name}`);
}
