import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';

/**
 * Foreign keys of other databases would follow the old tables.
 * @throws {CofreError} `RESTORE_REFUSED`
 */
export async function requireMovable(session: MysqlSession, database: string): Promise<void> {
  const rows = await session.query<{ key: string }>(
    `SELECT DISTINCT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME, ' (', CONSTRAINT_NAME, ')') AS \`key\`
     FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = ? AND TABLE_SCHEMA <> ? ORDER BY 1`,
    [database, database],
  );
  if (rows.length === 0) return;
  const keys = rows.slice(0, 5).map(({ key }) => key);
  const more = rows.length > 5 ? ` and ${rows.length - 5} more` : '';
  throw new CofreError(
    'RESTORE_REFUSED',
    `Tables of other databases have foreign keys to tables of ${database}, and would keep to the old ones: ${keys.join(', ')}${more}.`,
    {
      hint: 'Nothing was changed. Drop these keys, restore, and make them again; or restore with --mode in-place.',
    },
  );
}
