import type { PgSession } from '../wire/connect.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { SWITCH } from './foreign-keys.ts';
import type { LivePart } from './live-set.ts';

/** A trigger that would fire on our rows. */
export interface LiveTrigger {
  readonly name: string;
  /** SQL name. */
  readonly table: string;
  /** `pg_trigger.tgenabled`. */
  readonly state: string;
}

/** Version 14 marks the copies that partitions have of a table's triggers as internal; those of constraints are. */
const FIND = `
  SELECT tgname AS name, format('%I.%I', n.nspname, c.relname) AS table, tgenabled AS state
  FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE tgrelid = ANY ($1::oid[]) AND tgenabled <> 'D' AND
    (NOT tgisinternal OR tgparentid <> 0 AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = tgconstraint AND contype <> 't'))
  ORDER BY t.oid`;

export async function findTriggers(
  { client }: PgSession,
  parts: readonly LivePart[],
): Promise<LiveTrigger[]> {
  return (await client.query<LiveTrigger>(FIND, [parts.map(({ oid }) => oid)])).rows;
}

export async function disableTriggers(
  { client }: PgSession,
  triggers: readonly LiveTrigger[],
): Promise<void> {
  for (const { name, table } of triggers) {
    await client.query(`ALTER TABLE ONLY ${table} DISABLE TRIGGER ${quoteIdent(name)}`);
  }
}

export async function restoreTriggers(
  { client }: PgSession,
  triggers: readonly LiveTrigger[],
): Promise<void> {
  for (const { name, table, state } of triggers) {
    await client.query(`ALTER TABLE ONLY ${table} ${SWITCH[state]} TRIGGER ${quoteIdent(name)}`);
  }
}
