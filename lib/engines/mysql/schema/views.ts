import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { type IsOwn, mentionedNames, withoutOwnName } from './own-names.ts';
import { queryRaw, rawText } from './show-create.ts';
import { inComment, surroundingsOf } from './stored-program.ts';

interface View {
  readonly name: string;
  readonly sql: string;
  readonly settings: string;
  /** Why it cannot be made, if so. */
  readonly broken: string | undefined;
}

const VIEWS = `
  SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME`;

export interface ViewTexts {
  /** Each after those that it uses. */
  readonly texts: readonly string[];
  readonly warnings: readonly string[];
}

/** `things`: names of what the database has besides views. */
export async function viewTexts(
  session: MysqlSession,
  isOwn: IsOwn,
  things: readonly string[],
): Promise<ViewTexts> {
  const names = (await session.query<{ name: string }>(VIEWS)).map(({ name }) => name);
  const known = new Set([...things, ...names].map(rawText));
  const views: View[] = [];
  for (const name of names) views.push(await readView(session, name, isOwn, known));
  const ordered = inOrderOfUse(views);
  return { texts: ordered.map(textOf), warnings: ordered.flatMap(warningOf) };
}

async function readView(
  session: MysqlSession,
  name: string,
  isOwn: IsOwn,
  known: ReadonlySet<string>,
): Promise<View> {
  const [row] = await queryRaw(session, `SHOW CREATE VIEW ${quoteIdent(name)}`);
  const sql = row?.['create view'];
  if (!row || typeof sql !== 'string') throw new Error(`The text of the view ${name} is missing.`);
  const { client, connection } = surroundingsOf(row);
  return {
    name,
    sql: withoutOwnName(sql, isOwn, known),
    settings: `SET character_set_client = ${client}, collation_connection = ${connection};`,
    broken: await whyBroken(session, name, sql),
  };
}

/** ER_VIEW_INVALID; said also of a view whose definer has lost its rights, which can be made again all the same. */
const INVALID = 1356;

/** Asks the server to use the view; and if it will not, to understand its query, with our own rights. */
async function whyBroken(session: MysqlSession, name: string, sql: string): Promise<string | undefined> {
  const used = await failure(session, `SELECT 1 FROM ${quoteIdent(name)} LIMIT 0`);
  if (used?.errno !== INVALID) return undefined;
  const [, query] = / VIEW `(?:[^`]|``)*`(?: \([^)]*\))? AS (.*)$/s.exec(sql) ?? [];
  const literal = `0x${Buffer.from(query ?? '', 'latin1').toString('hex')}`;
  await session.run(`SET @cofre_query = CONVERT(${literal} USING utf8mb4)`);
  const understood = await failure(session, 'PREPARE cofre_query FROM @cofre_query');
  if (!understood) await session.run('DEALLOCATE PREPARE cofre_query');
  return understood?.message;
}

async function failure(
  session: MysqlSession,
  sql: string,
): Promise<{ errno: number; message: string } | undefined> {
  try {
    await session.run(sql);
    return undefined;
  } catch (error) {
    if (isServerError(error)) return error;
    throw error;
  }
}

/** Depth first; a name that only looks like a view's costs nothing, and of a circle, which no view can be in, either. */
function inOrderOfUse(views: readonly View[]): View[] {
  const byName = new Map(views.map((view) => [rawText(view.name), view]));
  const ordered = new Set<View>();
  const begun = new Set<View>();
  const visit = (view: View) => {
    if (begun.has(view)) return;
    begun.add(view);
    for (const name of mentionedNames(view.sql)) {
      const used = byName.get(name);
      if (used) visit(used);
    }
    ordered.add(view);
  };
  for (const view of views) visit(view);
  return [...ordered];
}

function textOf({ name, sql, settings, broken }: View): string {
  const title = rawText(inComment(name));
  if (broken === undefined) return `-- View ${title}\n${settings}\n${sql};\n\n`;
  const lines = sql.split('\n').map((line) => `-- ${line}\n`);
  return `-- View ${title}, which the server could not use: ${rawText(inComment(broken))}\n${lines.join('')}\n`;
}

function warningOf({ name, broken }: View): string[] {
  if (broken === undefined) return [];
  return [
    `The view ${name} does not work (${broken.replace(/\.$/, '')}), so a restore cannot make it; its text is in the backup as a comment.`,
  ];
}
