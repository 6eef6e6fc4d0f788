import type { PgSession } from '../../wire/connect.ts';
import { isServerError } from '../../wire/failures.ts';

interface Label {
  readonly schema: string;
  readonly provider: string;
  readonly sql: string;
}

/** Of extensions, dumps have no labels: theirs stay. */
const LABELS = `
  SELECT n.nspname::text AS schema, l.provider, format('SECURITY LABEL FOR %I ON SCHEMA %I IS NULL', l.provider, n.nspname) AS sql
  FROM pg_seclabel l JOIN pg_namespace n ON l.classoid = 'pg_namespace'::regclass AND l.objoid = n.oid
  WHERE n.nspname = ANY ($1)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = l.classoid AND d.objid = n.oid AND d.deptype = 'e')`;

/**
 * Takes the security labels off schemas that stay; on all else they go with it. A provider that the server has not
 * loaded cannot be asked.
 */
export async function resetLabels(
  { client }: PgSession,
  schemas: readonly string[],
  warn: (warning: string) => void,
): Promise<void> {
  const { rows } = await client.query<Label>(LABELS, [schemas]);
  for (const { schema, provider, sql } of rows) {
    await client.query('SAVEPOINT label');
    try {
      await client.query(sql);
    } catch (error) {
      if (!isServerError(error)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT label');
      warn(`The security label of ${provider} on the schema ${schema} stays: ${error.message}.`);
    }
  }
}
