import { openSession, type PgSession } from '../connection/connect.ts';

interface Blocker {
  readonly pid: number;
  readonly who: string;
  readonly state: string | null;
  readonly since: string | null;
  readonly waited_for: string | null;
}

/**
 * Who keeps the backend of `session` waiting, and for which table, in words; `undefined` when nobody does, or when it
 * cannot be found out.
 */
export async function whoBlocks(session: PgSession, signal: AbortSignal): Promise<string | undefined> {
  try {
    await using watcher = await openSession(session.settings, { role: 'source', purpose: 'dump', signal });
    const { rows } = await watcher.client.query<Blocker>(BLOCKERS, [session.backend]);
    return rows[0] && describe(rows[0], rows.length - 1);
  } catch {
    return undefined;
  }
}

const BLOCKERS = `
  SELECT pid, pg_catalog.concat_ws(' ', usename, 'with ' || NULLIF(application_name, '')) AS who, state,
    pg_catalog.to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') AS since,
    (SELECT relation::regclass::text FROM pg_catalog.pg_locks
     WHERE pid = $1 AND NOT granted AND locktype = 'relation' LIMIT 1) AS waited_for
  FROM pg_catalog.pg_stat_activity WHERE pid = ANY (pg_catalog.pg_blocking_pids($1))
  ORDER BY xact_start NULLS LAST`;

function describe({ pid, who, state, since, waited_for }: Blocker, others: number): string {
  const table = waited_for === null ? '' : `${waited_for} is locked by `;
  const more = others > 0 ? ` and ${others} more` : '';
  const facts = [who, state, since && `in its transaction since ${since}`].filter(Boolean).join(', ');
  return `${table}session ${pid} (${facts})${more}`;
}
