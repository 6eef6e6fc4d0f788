import { CofreError } from '../../../errors.ts';
import { sqlName, type TableName } from '../script/names.ts';
import type { PgSession } from '../wire/connect.ts';

/** A live relation. */
export interface LiveTable {
  readonly oid: number;
  /** Name for people, quoted where the server thinks it needs to be. */
  readonly shown: string;
  /** `pg_class.relkind`: `r` table, `p` partitioned table, `f` foreign table, … */
  readonly kind: string;
  readonly ofExtension: boolean;
}

const FIND = `
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS shown, c.relkind AS kind,
    EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e') AS "ofExtension"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`;

export async function findLive(
  { client }: PgSession,
  { schema, name }: TableName,
): Promise<LiveTable | undefined> {
  return (await client.query<LiveTable>(FIND, [schema, name])).rows[0];
}

/** As the server prints it: `public.accounts`, `public."My Table"`. */
export async function shownName({ client }: PgSession, { schema, name }: TableName): Promise<string> {
  const { rows } = await client.query<{ shown: string }>(
    `SELECT format('%I.%I', $1::text, $2::text) AS shown`,
    [schema, name],
  );
  return rows[0]?.shown ?? sqlName({ schema, name });
}

export function refused(message: string, hint: string, cause?: unknown): CofreError {
  return new CofreError('RESTORE_REFUSED', message, { hint: `Nothing was changed. ${hint}`, cause });
}
