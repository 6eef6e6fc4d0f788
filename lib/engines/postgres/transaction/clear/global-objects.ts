import type { PgSession } from '../../wire/connect.ts';
import { quoteIdent } from '../../wire/identifiers.ts';
import { runSql } from './run-sql.ts';

interface Found {
  readonly type: string;
  readonly identity: string;
  readonly own: boolean;
}

/**
 * Event triggers go first, as they would fire at all that follows. What belongs to another role stays: on managed
 * servers, the provider has some.
 */
export async function dropEventTriggers(
  { client }: PgSession,
  warn: (warning: string) => void,
): Promise<void> {
  const { rows } = await client.query<Found>(found('pg_event_trigger', "pg_has_role(o.evtowner, 'USAGE')"));
  await dropOwn({ client }, rows, warn);
}

/** Publications, and what is neither in a schema nor in an extension. */
export async function dropGlobalObjects(
  { client }: PgSession,
  warn: (warning: string) => void,
): Promise<void> {
  for (const [catalog, own] of CATALOGS) {
    const { rows } = await client.query<Found>(found(catalog, own));
    await dropOwn({ client }, rows, warn);
  }
}

/** Casts and transforms have no owner but those of their types, which were cleared before; the rest needs a superuser. */
const SUPERUSER = '(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)';
const CATALOGS: readonly (readonly [catalog: string, own: string])[] = [
  ['pg_publication', "pg_has_role(o.pubowner, 'USAGE')"],
  ['pg_transform', SUPERUSER],
  ['pg_cast', SUPERUSER],
  ['pg_foreign_server', "pg_has_role(o.srvowner, 'USAGE')"],
  ['pg_foreign_data_wrapper', "pg_has_role(o.fdwowner, 'USAGE')"],
  ['pg_language', "pg_has_role(o.lanowner, 'USAGE')"],
  ['pg_am', SUPERUSER],
];

function found(catalog: string, own: string): string {
  return `
    SELECT i.type, i.identity, ${own} AS own
    FROM ${catalog} o, pg_identify_object('${catalog}'::regclass, o.oid, 0) i
    WHERE o.oid >= 16384 AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = o.oid AND d.deptype = 'e')
    ORDER BY o.oid`;
}

async function dropOwn(
  { client }: Pick<PgSession, 'client'>,
  rows: readonly Found[],
  warn: (warning: string) => void,
): Promise<void> {
  const own = rows.filter((row) => row.own);
  await runSql(
    client,
    own.map((object) => `DROP ${sqlOf(object)} CASCADE`),
  );
  for (const { type, identity } of rows.filter((row) => !row.own)) {
    warn(`The ${type} ${identity} stays: it belongs to another role.`);
  }
}

/** pg_identify_object calls some otherwise than DROP does. */
function sqlOf({ type, identity }: Found): string {
  const name = type === 'transform' ? identity.replace(/ on language (?=\S+$)/, ' language ') : identity;
  return `${type.replace('-', ' ')} IF EXISTS ${name}`;
}

/**
 * A subscription can only be dropped in a transaction once it has let go of its slot at the publisher, which stays
 * there (manual, DROP SUBSCRIPTION).
 */
export async function dropSubscriptions(
  { client }: PgSession,
  warn: (warning: string) => void,
): Promise<void> {
  const { rows } = await client.query<Subscription>(SUBSCRIPTIONS);
  for (const { name, slot, own } of rows) {
    if (!own) {
      warn(`The subscription ${name} stays: it belongs to another role.`);
      continue;
    }
    const subscription = quoteIdent(name);
    await client.query(`
      ALTER SUBSCRIPTION ${subscription} DISABLE; ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE);
      DROP SUBSCRIPTION ${subscription}`);
    if (slot)
      warn(`The subscription ${name} was dropped; its slot ${slot} at the publisher was left as it is.`);
  }
}

interface Subscription {
  readonly name: string;
  readonly slot: string | null;
  readonly own: boolean;
}

const SUBSCRIPTIONS = `
  SELECT subname::text AS name, subslotname::text AS slot, pg_has_role(subowner, 'USAGE') AS own FROM pg_subscription
  WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY subname`;
