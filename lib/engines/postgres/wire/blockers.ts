import type { Client } from 'pg';

/** A session that holds a lock which another one waits for. */
export interface Blocker {
  /** 0 for a prepared transaction, which has no session. */
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Seconds since its transaction began. */
  readonly seconds: number | null;
  /** The table whose lock is waited for, as the server prints it. */
  readonly table: string | null;
}

const FIND = `
  SELECT b.pid, a.usename AS "user", NULLIF(a.application_name, '') AS application, a.state,
    extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::int AS seconds,
    (SELECT relation::regclass::text FROM pg_catalog.pg_locks
     WHERE pid = $1 AND NOT granted AND locktype = 'relation' LIMIT 1) AS "table"
  FROM (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1)) AS pid) b
    LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
  ORDER BY a.xact_start NULLS LAST, b.pid`;

/** Who keeps the session with the process id `backend` waiting, the oldest transaction first. */
export async function findBlockers(client: Client, backend: number): Promise<Blocker[]> {
  return (await client.query<Blocker>(FIND, [backend])).rows;
}

/** `session 12 (user bob, "till"), idle in transaction for 30 s` */
export function describe({ pid, user, application, state, seconds }: Blocker): string {
  if (pid === 0) return 'a prepared transaction (pg_prepared_xacts)';
  const who = [user && `user ${user}`, application && `"${application}"`].filter(Boolean).join(', ');
  const since = seconds === null ? '' : ` for ${seconds} s`;
  return `session ${pid}${who ? ` (${who})` : ''}${state ? `, ${state}${since}` : ''}`;
}
