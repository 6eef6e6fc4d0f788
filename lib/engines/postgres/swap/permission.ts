import type { Client } from 'pg';
import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import { nameOf } from '../wire/url.ts';
import { INSTEAD } from './create.ts';
import type { DatabaseFacts } from './database.ts';

/**
 * Refuses what a swap could not do, before anything is made.
 * @throws {CofreError} `RESTORE_REFUSED`
 */
export async function requireSwappable({ client, settings }: PgSession, old: DatabaseFacts): Promise<void> {
  const rights = await oneRow<Rights>(client, RIGHTS, [old.name]);
  const database = nameOf({ ...settings, database: old.name });
  const why = reason(rights, old, settings.user) ?? (await bound(client, old));
  if (why)
    throw new CofreError('RESTORE_REFUSED', `${database} cannot be swapped: ${why}.`, { hint: INSTEAD });
}

interface Rights {
  readonly createdb: boolean;
  readonly owner: boolean;
}

/** ALTER DATABASE … RENAME needs both (manual, its page). */
const RIGHTS = `
  SELECT r.rolcreatedb OR r.rolsuper AS createdb, pg_has_role(d.datdba, 'USAGE') AS owner
  FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = $1`;

function reason({ createdb, owner }: Rights, old: DatabaseFacts, user: string): string | undefined {
  if (!createdb) return `the role ${user} may not create databases (CREATEDB)`;
  if (!owner) return `the role ${user} is neither its owner nor a member of its owner, ${old.owner}`;
  return undefined;
}

/** What is tied to the database itself, not to its name, would stay behind with the old one. */
async function bound(client: Client, { name, oid }: DatabaseFacts): Promise<string | undefined> {
  const { rows } = await client.query<{ why: string }>(BOUND, [name, oid]);
  return rows.length === 0 ? undefined : rows.map(({ why }) => why).join(', and ');
}

const BOUND = `
  SELECT 'the logical replication slot ' || slot_name || ' reads from it' AS why
  FROM pg_replication_slots WHERE database = $1
  UNION ALL
  SELECT 'its subscription ' || subname || ' is enabled' FROM pg_subscription WHERE subdbid = $2 AND subenabled
  UNION ALL
  SELECT 'the transaction ' || quote_literal(gid) || ' is prepared in it' FROM pg_prepared_xacts WHERE database = $1`;
