import { type ProcessIdentity, thisProcess } from '../../../process.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent, quoteLiteral } from '../connection/identifiers.ts';
import type { ScratchNames } from '../schema/scratch-names.ts';
import { qualified } from '../swap/names.ts';

/**
 * What the schema of a mark tells: `empty` when its maker died before it said more, and so before it made the scratch
 * schema; `foreign` when something is in it that is not ours.
 */
export type Mark =
  | { readonly state: 'gone' | 'empty' | 'foreign' }
  | { readonly state: 'marked'; readonly maker: ProcessIdentity };

const TABLE = 'made_by';

/** One statement makes the table and says all, so that there is no table that says nothing. */
export async function makeMark(
  session: MysqlSession,
  { scratch, mark }: ScratchNames,
  at: Date,
): Promise<void> {
  const { host, pid, started } = thisProcess();
  const text = `Cofre's restore test ${scratch}, by process ${pid} (${started}) of host ${host}, ${at.toISOString()}`;
  await session.run(`CREATE DATABASE ${quoteIdent(mark)}`);
  await session.run(
    `CREATE TABLE ${qualified(mark, TABLE)} (id INT PRIMARY KEY) COMMENT = ${quoteLiteral(text)}`,
  );
}

const TEXT = /^Cofre's restore test (\w+), by process (\d+) \((\d+)\) of host ([0-9a-f]{12}), /;

/** Everything that a schema can hold. */
const HELD = `
  SELECT TABLE_NAME AS name, TABLE_COMMENT AS comment FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?
  UNION ALL SELECT ROUTINE_NAME, '' FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
  UNION ALL SELECT EVENT_NAME, '' FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`;

export async function readMark(session: MysqlSession, { scratch, mark }: ScratchNames): Promise<Mark> {
  const schemas = 'SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?';
  if ((await session.query(schemas, [mark])).length === 0) return { state: 'gone' };
  const held = await session.query<{ name: string; comment: string }>(HELD, [mark, mark, mark]);
  const [first] = held;
  if (!first) return { state: 'empty' };
  const maker = makerIn(first.comment, scratch);
  if (held.length > 1 || first.name !== TABLE || !maker) return { state: 'foreign' };
  return { state: 'marked', maker };
}

/** Who has made `scratch`, as the comment says; `undefined` when it says something else. */
function makerIn(comment: string, scratch: string): ProcessIdentity | undefined {
  const [, name, pid, started, host] = TEXT.exec(comment) ?? [];
  return name === scratch && host && started ? { host, pid: Number(pid), started } : undefined;
}
