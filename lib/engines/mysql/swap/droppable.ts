import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { readGrants } from '../connection/grants.ts';
import { quoteIdent, quoteLiteral } from '../connection/identifiers.ts';
import { nameOf } from '../connection/url.ts';
import type { SchemaObject } from '../schema/objects.ts';

/** ER_SPECIFIC_ACCESS_DENIED_ERROR */
const DENIED = 1227;

/**
 * Makes sure that what is to be dropped can be, while nothing is done yet: MySQL lets only users with SYSTEM_USER touch
 * the routines and events of such users (manual, "Account Categories").
 * @throws {CofreError} `RESTORE_REFUSED` naming what cannot be replaced
 */
export async function requireDroppable(
  session: MysqlSession,
  objects: readonly SchemaObject[],
): Promise<void> {
  const [{ user } = { user: '' }] = await session.query<{ user: string }>('SELECT CURRENT_USER() AS user');
  const foreign = objects.filter(({ definer }) => definer !== undefined && definer !== user);
  if (session.server.flavor !== 'mysql' || foreign.length === 0) return;
  if ((await readGrants(session)).globally('SYSTEM_USER')) return;
  const fixed: SchemaObject[] = [];
  for (const object of foreign) if (await isFixed(session, object)) fixed.push(object);
  if (fixed.length === 0) return;
  const names = fixed.map(({ kind, name, definer }) => `${kind.toLowerCase()} ${name} of ${definer}`);
  throw new CofreError(
    'RESTORE_REFUSED',
    `These in ${nameOf(session.settings)} differ from the backup, and ${user} may not replace them: ${names.join(', ')}.`,
    {
      hint: 'Nothing was changed. Restore as their definer or a user with SYSTEM_USER, or let one drop them first.',
    },
  );
}

/** A routine is altered to what it is, which needs the same right; of an event that would change the definer. */
async function isFixed(session: MysqlSession, { kind, name }: SchemaObject): Promise<boolean> {
  if (kind !== 'PROCEDURE' && kind !== 'FUNCTION') return true;
  const [row] = await session.query<{ comment: string }>(
    `SELECT ROUTINE_COMMENT AS comment FROM information_schema.ROUTINES
     WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = ? AND ROUTINE_NAME = ?`,
    [kind, name],
  );
  try {
    await session.run(`ALTER ${kind} ${quoteIdent(name)} COMMENT ${quoteLiteral(row?.comment ?? '')}`);
    return false;
  } catch (error) {
    if (isServerError(error) && error.errno === DENIED) return true;
    throw error;
  }
}
