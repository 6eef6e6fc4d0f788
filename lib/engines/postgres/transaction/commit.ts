import { setTimeout as sleep } from 'node:timers/promises';
import { CofreError } from '../../../errors.ts';
import { openSession, type PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { oneRow } from '../wire/one-row.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';

/** How long to look for the outcome of a COMMIT on a server that was lost amid it, ms. */
const LOOK_MS = 30_000;
const EVERY_MS = 500;

/**
 * Commits. Should the connection be lost meanwhile, a new one tells whether it was done.
 * @param id of the transaction
 * @throws {CofreError} `TARGET_INVALID` when it was not done, or nobody can tell; or what the server says.
 */
export async function commit(session: PgSession, id: string): Promise<void> {
  try {
    await Promise.race([session.client.query('COMMIT'), session.lost]);
  } catch (error) {
    // Class 57: the server is being stopped, and may have committed before it said so.
    if (isServerError(error) && !error.code.startsWith('57')) throw error;
    const status = await outcome(session.settings, id);
    if (status === 'committed') return;
    throw lost(session.settings, status, error);
  }
}

/** As pg_xact_status() says, or `unknown`. */
async function outcome(settings: ConnectionSettings, id: string): Promise<string> {
  const until = performance.now() + LOOK_MS;
  for (;;) {
    const status = await look(settings, id).catch(() => 'unknown');
    if (/^(?:committed|aborted)$/.test(status) || performance.now() > until) return status;
    await sleep(EVERY_MS);
  }
}

async function look(settings: ConnectionSettings, id: string): Promise<string> {
  const signal = AbortSignal.timeout(LOOK_MS);
  await using session = await openSession(settings, { role: 'target', purpose: 'load', signal });
  const sql = 'SELECT pg_catalog.pg_xact_status($1::xid8) AS status';
  return (await oneRow<{ status: string | null }>(session.client, sql, [id])).status ?? 'unknown';
}

function lost(settings: ConnectionSettings, status: string, cause: unknown): CofreError {
  const database = nameOf(settings);
  const [outcome, hint] =
    status === 'aborted'
      ? ['The restore was rolled back', 'Nothing was changed. Check network and server, then try again.']
      : [
          'Whether the restore took place is not known',
          'It did wholly or not at all: look at the tables to see.',
        ];
  return new CofreError(
    'TARGET_INVALID',
    `The connection to ${database} was lost during COMMIT. ${outcome}.`,
    {
      cause,
      hint,
    },
  );
}
