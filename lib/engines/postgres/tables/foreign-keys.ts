import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { quoteIdent, quoteLiteral } from '../wire/identifiers.ts';
import { type LivePart, notOwned } from './live-set.ts';
import { refused } from './target.ts';

/** A foreign key from or to a table whose rows are replaced. */
export interface ForeignKey {
  readonly oid: number;
  readonly name: string;
  /** SQL names of the table that has it, and of the one that it refers to. */
  readonly table: string;
  readonly refers: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly tableOwned: boolean;
  readonly refersOwned: boolean;
  readonly mayRefer: boolean;
  /** Of the two tables, those of ours whose row-level security holds for us too: it would hide rows from the check. */
  readonly forced: readonly string[];
  /** Its triggers that somebody has switched off, or to another mode. */
  readonly switched: readonly SwitchedTrigger[];
}

interface SwitchedTrigger {
  readonly table: string;
  readonly type: number;
  readonly state: string;
}

/**
 * Of a key between partitioned tables each partition has one of its own; only the uppermost can be dropped and made,
 * and takes the others along.
 */
const FIND = `
  WITH RECURSIVE touching AS (
    SELECT oid, conparentid FROM pg_constraint
    WHERE contype = 'f' AND (conrelid = ANY ($1::oid[]) OR confrelid = ANY ($1::oid[]))
    UNION SELECT p.oid, p.conparentid FROM touching t JOIN pg_constraint p ON p.oid = t.conparentid)
  SELECT c.oid, conname AS name, format('%I.%I', n.nspname, r.relname) AS table,
    format('%I.%I', fn.nspname, f.relname) AS refers, pg_get_constraintdef(c.oid) AS definition,
    obj_description(c.oid, 'pg_constraint') AS comment, pg_has_role(r.relowner, 'USAGE') AS "tableOwned",
    pg_has_role(f.relowner, 'USAGE') AS "refersOwned", has_any_column_privilege(f.oid, 'REFERENCES') AS "mayRefer",
    ARRAY(SELECT o.oid::regclass::text FROM pg_class o WHERE o.oid IN (r.oid, f.oid) AND o.relforcerowsecurity
      AND pg_has_role(o.relowner, 'USAGE')) AS forced,
    (SELECT coalesce(json_agg(json_build_object('table', format('%I.%I', tn.nspname, tr.relname), 'type', t.tgtype,
        'state', t.tgenabled) ORDER BY t.oid), '[]')
      FROM pg_trigger t JOIN pg_class tr ON tr.oid = t.tgrelid JOIN pg_namespace tn ON tn.oid = tr.relnamespace
      WHERE t.tgconstraint = c.oid AND t.tgenabled <> 'O') AS switched
  FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
    JOIN pg_class f ON f.oid = c.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
  WHERE c.oid IN (SELECT oid FROM touching) AND c.conparentid = 0 ORDER BY c.oid`;

/** @throws {CofreError} `RESTORE_REFUSED` when one of them could not be put back as it is */
export async function findForeignKeys(
  { client }: PgSession,
  parts: readonly LivePart[],
): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(FIND, [parts.map(({ oid }) => oid)]);
  const other = rows.find(({ tableOwned }) => !tableOwned);
  if (other) throw notOwned(other.table, `its foreign key ${other.name} refers to a table to be replaced`);
  const forbidden = rows.find(({ mayRefer }) => !mayRefer);
  if (forbidden) {
    const hint = `Ask for GRANT REFERENCES ON ${forbidden.refers}, or restore without --replace.`;
    throw refused(
      `The foreign key ${forbidden.name} of ${forbidden.table} could not be put back: this role may not refer to ${forbidden.refers}.`,
      hint,
    );
  }
  return rows;
}

/** So that no row of another table is deleted, changed or checked while the rows are away. */
export async function dropForeignKeys({ client }: PgSession, keys: readonly ForeignKey[]): Promise<void> {
  for (const { name, table } of keys) {
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoteIdent(name)}`);
  }
}

/** As they were: checked by the server, unless they were NOT VALID. @throws {CofreError} `RESTORE_REFUSED` */
export async function restoreForeignKeys(session: PgSession, keys: readonly ForeignKey[]): Promise<void> {
  for (const key of keys) {
    await add(session, key);
    if (key.comment !== null) {
      const on = `${quoteIdent(key.name)} ON ${key.table}`;
      await session.client.query(`COMMENT ON CONSTRAINT ${on} IS ${quoteLiteral(key.comment)}`);
    }
    for (const trigger of key.switched) await switchAgain(session, key, trigger);
  }
}

async function add({ client }: PgSession, key: ForeignKey): Promise<void> {
  try {
    await client.query(`ALTER TABLE ${key.table} ADD CONSTRAINT ${quoteIdent(key.name)} ${key.definition}`);
  } catch (error) {
    if (!isServerError(error) || error.code !== '23503') throw error;
    throw refused(
      `The rows of the backup break the foreign key ${key.name} of ${key.table}, which refers to ${key.refers}: ${error.message}.`,
      'Restore the other table along with it (--table for each), or restore without --replace and copy what you need.',
      error,
    );
  }
}

const NEW_TRIGGER = `
  SELECT tgname FROM pg_trigger WHERE tgrelid = $1::regclass AND tgtype = $2 AND tgconstraint =
    (SELECT oid FROM pg_constraint WHERE conrelid = $3::regclass AND conname = $4 AND contype = 'f')`;

/** The server names a key's triggers anew each time: they are found by what they fire on. */
async function switchAgain(
  { client }: PgSession,
  { table, name }: ForeignKey,
  { table: on, type, state }: SwitchedTrigger,
): Promise<void> {
  const { rows } = await client.query<{ tgname: string }>(NEW_TRIGGER, [on, type, table, name]);
  for (const { tgname } of rows) {
    await client.query(`ALTER TABLE ONLY ${on} ${SWITCH[state]} TRIGGER ${quoteIdent(tgname)}`);
  }
}

/** By `pg_trigger.tgenabled`. */
export const SWITCH: Readonly<Record<string, string>> = {
  O: 'ENABLE',
  D: 'DISABLE',
  R: 'ENABLE REPLICA',
  A: 'ENABLE ALWAYS',
};
