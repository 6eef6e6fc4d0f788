import { describe, findBlockers } from '../wire/blockers.ts';
import { openSession, type PgSession } from '../wire/connect.ts';

/**
 * Who keeps the backend of `session` waiting, and for which table, in words; `undefined` when nobody does, or when it
 * cannot be found out.
 */
export async function whoBlocks(session: PgSession, signal: AbortSignal): Promise<string | undefined> {
  try {
    await using watcher = await openSession(session.settings, { role: 'source', purpose: 'dump', signal });
    const [first, ...others] = await findBlockers(watcher.client, session.backend);
    if (!first) return undefined;
    const table = first.table === null ? '' : `${first.table} is locked by `;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${table}${describe(first)}${more}`;
  } catch {
    return undefined;
  }
}
