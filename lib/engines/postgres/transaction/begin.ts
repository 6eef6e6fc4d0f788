import type { EngineContext, LoadInput } from '../../engine.ts';
import { type Counts, requireExpected } from '../../sql/load/counts.ts';
import { passedOn } from '../../sql/load/passed-on.ts';
import { raiseBuildMemory } from '../load/build-memory.ts';
import type { Script } from '../load/script.ts';
import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';

/** RESET: a dump that sets nothing expects what psql would give it. */
const BEGIN = `
  RESET search_path; BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL search_path = pg_catalog`;

/** Begins the one transaction of a load; gives its id. Names are looked for in pg_catalog alone, until `asPsql`. */
export async function begin(session: PgSession): Promise<string> {
  await session.client.query(BEGIN);
  await raiseBuildMemory(session, 1, true);
  return await transactionId(session);
}

/** What runs from here on finds names as in psql. */
export async function asPsql({ client }: PgSession): Promise<void> {
  await client.query('SET LOCAL search_path TO DEFAULT');
}

async function transactionId({ client }: PgSession): Promise<string> {
  const sql = 'SELECT pg_catalog.pg_current_xact_id()::text AS id';
  return (await oneRow<{ id: string }>(client, sql)).id;
}

/**
 * All of the dump was read: it is what its manifest says, and went into the transaction that was begun.
 * @throws {CofreError} `BACKUP_DAMAGED`
 */
export async function requireWhole(
  session: PgSession,
  id: string,
  found: Counts,
  { bytes }: Script,
  { expected }: LoadInput,
): Promise<void> {
  requireExpected(found, bytes, expected);
  if ((await transactionId(session)) !== id) throw new Error('The load is not in its transaction any more.');
}

/** From here on the target changes. @throws what the fence throws, marked by passedOn; the signal's reason */
export async function passFence(context: EngineContext): Promise<void> {
  context.report({ phase: 'install' });
  context.signal.throwIfAborted();
  await passedOn(() => context.fence());
  context.signal.throwIfAborted();
}
