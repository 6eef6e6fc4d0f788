import { commenting } from '../swap/replaced.ts';
import { dropDatabase } from '../swap/temporary.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { readKeepers } from './keeper.ts';
import { commentOf, isMarked, NAMES } from './mark.ts';

const SCRATCHES = `
  SELECT datname AS name, datconnlimit AS "connectionLimit", shobj_description(oid, 'pg_database') AS comment
  FROM pg_database WHERE datname ~ '${NAMES}'`;

interface Found {
  readonly name: string;
  readonly connectionLimit: number;
  readonly comment: string | null;
}

/**
 * Scratch databases of restore tests that died, wherever they ran. Locks are read after the databases, in a statement of
 * its own: a maker has its lock before its database is there, and keeps it until that is gone.
 */
export async function deadScratches(session: PgSession): Promise<string[]> {
  const { rows } = await session.client.query<Found>(SCRATCHES);
  const marked = rows.filter(isMarked);
  if (marked.length === 0) return [];
  const isKept = await readKeepers(session);
  return marked.map(({ name }) => name).filter((name) => !isKept(name));
}

/** Drops a scratch database and ends the sessions on it; content with one that is gone. @throws what the server says */
export async function dropScratch(session: PgSession, name: string): Promise<void> {
  try {
    // What is left of a drop that is cut short is known by its comment alone.
    await session.client.query(commenting(name, commentOf(name)));
  } catch (error) {
    if (isServerError(error) && error.code === '3D000') return;
    throw error;
  }
  await dropDatabase(session, name);
}
