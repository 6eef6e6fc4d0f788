import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';

/** Connections that all see the database as it was at one moment. */
export interface Snapshot {
  /** As pg_export_snapshot() named it. */
  readonly id: string;
  /** The one that keeps it: it lasts as long as its transaction. */
  readonly keeper: PgSession;
  readonly others: readonly PgSession[];
  /** What pg_current_snapshot() says in each of them. */
  readonly content: string;
}

/** For catalog queries that might have to wait for a lock, which none is meant to. */
const KEEPER = `
  SET row_security = off; SET lock_timeout = '1s'; SET max_parallel_workers_per_gather = 0;
  BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE`;

/**
 * Rows that a policy hides must fail the dump (row_security), ours may end no sooner than the backup, and the order of
 * rows should not depend on the moment (parallel workers).
 */
const BEGIN = `
  SET row_security = off; SET max_parallel_workers_per_gather = 0; SET bytea_output = hex;
  BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE`;

/** Brings idle connections into the transaction of `keeper`, which begins here. */
export async function openSnapshot(keeper: PgSession, others: readonly PgSession[]): Promise<Snapshot> {
  await keeper.client.query(KEEPER);
  const { id, content } = await exported(keeper);
  const adopt = `${BEGIN}; SET TRANSACTION SNAPSHOT '${id}'; SAVEPOINT cofre`;
  await Promise.all(others.map(({ client }) => client.query(adopt)));
  return { id, content, keeper, others };
}

async function exported({ client }: PgSession): Promise<{ id: string; content: string }> {
  return await oneRow(client, 'SELECT pg_export_snapshot() AS id, pg_current_snapshot()::text AS content');
}

/** @throws when a connection, or `locker` beside them, is lost, or no longer in the transaction that it began. */
export async function requireHeld({ content, keeper, others }: Snapshot, locker: PgSession): Promise<void> {
  const sql = 'SELECT pg_catalog.pg_current_snapshot()::text AS content';
  const ask = ({ client }: PgSession) => oneRow<{ content: string }>(client, sql);
  const answers = await Promise.all([keeper, locker, ...others].map(ask));
  if (answers.every((answer) => answer.content === content)) return;
  throw new Error('A connection of the dump is not in its transaction any more.');
}
