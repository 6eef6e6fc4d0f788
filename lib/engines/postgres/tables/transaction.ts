import { CofreError } from '../../../errors.ts';
import type { EngineContext } from '../../engine.ts';
import { openSession, type PgSession } from '../wire/connect.ts';
import { explaining, isServerError } from '../wire/failures.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';

/**
 * As pg_dump's own header has it, so that its text and its rows are read as they were written. Only servers from 17 on
 * have `transaction_timeout`.
 */
const AS_DUMPED = `
  SET standard_conforming_strings = on; SET xmloption = content;
  SET row_security = off; SET default_tablespace = ''; SET check_function_bodies = false; SET search_path = pg_catalog;
  SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'`;

/**
 * Runs `work` in one transaction on a connection of its own; asks the fence, and commits. Whatever goes wrong before
 * rolls everything back; an abort after COMMIT was sent comes too late.
 * @param encoding of the rows in the dump
 */
export async function inTransaction<T>(
  settings: ConnectionSettings,
  encoding: 'UTF8' | 'SQL_ASCII',
  context: EngineContext,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  const { signal, stop } = untilStopped(context.signal);
  return await explaining('target', settings, signal, async () => {
    await using session = await openSession(settings, { role: 'target', purpose: 'load', signal });
    await session.client.query(`SET client_encoding = ${encoding}; ${AS_DUMPED}`);
    await session.client.query('BEGIN');
    const result = await work(session);
    await context.fence();
    signal.throwIfAborted();
    stop();
    await commit(session);
    return result;
  });
}

/** A signal that follows another one until it is told to stop. */
function untilStopped(signal: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const follower = new AbortController();
  const follow = () => follower.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  return { signal: follower.signal, stop: () => signal.removeEventListener('abort', follow) };
}

async function commit(session: PgSession): Promise<void> {
  try {
    await session.client.query('COMMIT');
  } catch (error) {
    if (isServerError(error)) throw error;
    throw new CofreError(
      'TARGET_INVALID',
      `The connection to ${nameOf(session.settings)} was lost while the restore was being committed.`,
      { cause: error, hint: 'It took place wholly or not at all: look at the tables to see which.' },
    );
  }
}
