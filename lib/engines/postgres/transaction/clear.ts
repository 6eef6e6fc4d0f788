import type { PgSession } from '../wire/connect.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { resetBuiltInPrivileges } from './clear/built-in-privileges.ts';
import { dropEventTriggers, dropGlobalObjects, dropSubscriptions } from './clear/global-objects.ts';
import { resetLabels } from './clear/labels.ts';
import type { ClearPlan } from './clear/plan.ts';
import { resetDefaultPrivileges, resetPublic, resetSchemas } from './clear/privileges.ts';
import { runSql } from './clear/run-sql.ts';
import { dropSchemas, emptySchemas } from './clear/schemas.ts';

export { type ClearPlan, planClear } from './clear/plan.ts';

/**
 * Makes the database as createdb would: all that users made in it is dropped, but for the extensions that the dump has,
 * too. Part of the session's transaction. Other databases and roles are not touched.
 * @throws what the server says
 */
export async function clear(
  session: PgSession,
  plan: ClearPlan,
  warn: (warning: string) => void,
): Promise<void> {
  const { client } = session;
  for (const warning of plan.warnings) warn(warning);
  await dropEventTriggers(session, warn);
  await dropSubscriptions(session, warn);
  await runSql(
    client,
    plan.droppedExtensions.map(({ name }) => `DROP EXTENSION IF EXISTS ${quoteIdent(name)} CASCADE`),
  );
  await dropSchemas(session, plan.droppedSchemas);
  await emptySchemas(session, plan.keptSchemas);
  await dropGlobalObjects(session, warn);
  await client.query('SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata');
  await resetDefaultPrivileges(session);
  await resetBuiltInPrivileges(session);
  await resetSchemas(session, plan.keptSchemas);
  await resetLabels(session, plan.keptSchemas, warn);
  await resetPublic(session, warn);
  await emptyConfiguration(session);
  await client.query('CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog');
}

/** Rows that users put into tables of the extensions that stay: the dump has its own (manual, 36.17.3). */
async function emptyConfiguration({ client }: PgSession): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(CONFIGURATION);
  await runSql(
    client,
    rows.map(({ sql }) => sql),
  );
}

const CONFIGURATION = `
  SELECT format('DELETE FROM ONLY %s %s', c.oid::regclass, f.condition) AS sql
  FROM pg_extension e, LATERAL ROWS FROM (unnest(e.extconfig), unnest(e.extcondition)) AS f (oid, condition)
    JOIN pg_class c ON c.oid = f.oid
  WHERE c.relkind = 'r' AND has_table_privilege(c.oid, 'DELETE') AND has_table_privilege(c.oid, 'SELECT')`;
