import { CofreError } from '../../../errors.ts';
import type { Logger } from '../../../logger.ts';
import { openSession } from '../connection/connect.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import { type Cleared, clearAway } from './clear-away.ts';
import type { SwapNames } from './names.ts';

/** How long the clearing up after a failure may take, ms; and our own last statement on the server, s. */
const CLEARING_MS = 120_000;
const FINISH_SECONDS = 60;

/**
 * Clears up after a restore of ours that failed: as good as nothing was done, or all of it.
 * @param hasBegun the target may have been touched
 * @param failure why
 * @throws {CofreError} `TARGET_INVALID` when it may have been, and nobody can tell
 */
export async function afterFailure(
  settings: ConnectionSettings,
  names: SwapNames,
  logger: Logger,
  hasBegun: boolean,
  failure: unknown,
): Promise<Cleared['outcome']> {
  try {
    return await clear(settings, names);
  } catch (error) {
    const reason = (error as Error).message;
    if (hasBegun) throw halfDone(settings, failure, reason);
    logger.warn('A schema that was being loaded could not be dropped; the next run will.', {
      name: names.staging,
      reason,
    });
    return 'dropped';
  }
}

/** Drops over a new connection what a restore of ours has replaced, once its own was lost over that. */
export async function afterSuccess(
  settings: ConnectionSettings,
  names: SwapNames,
  logger: Logger,
): Promise<void> {
  await clear(settings, names).catch((error: Error) => {
    const reason = error.message;
    logger.warn('What was replaced could not be dropped; the next run will.', { name: names.old, reason });
  });
}

async function clear(settings: ConnectionSettings, names: SwapNames): Promise<Cleared['outcome']> {
  const signal = AbortSignal.timeout(CLEARING_MS);
  const options = { role: 'target', purpose: 'load', signal } as const;
  await using session = await openSession({ ...settings, database: '' }, options);
  const [row] = await session.query<{ got: unknown }>('SELECT GET_LOCK(?, ?) AS got', [
    names.staging,
    FINISH_SECONDS,
  ]);
  if (Number(row?.got) !== 1) throw new Error('The statement that was sent last still runs.');
  return (await clearAway(session, names, true)).outcome;
}

function halfDone(settings: ConnectionSettings, cause: unknown, why: string): CofreError {
  return new CofreError(
    'TARGET_INVALID',
    `The restored tables of ${nameOf(settings)} were being put in place: ${(cause as Error).message} This could be neither finished nor undone: ${why}`,
    {
      cause,
      hint: 'Once the cause is gone, run `cofre doctor`: it finishes the restore or undoes it, as does the next backup or restore.',
    },
  );
}
