import { CofreError, toCofreError } from '../../../errors.ts';
import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { openSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import { type LoadLimits, openDump, passFence } from '../load/open-dump.ts';
import { readSchema } from '../schema/schemas.ts';
import { MARK, mark, unmark } from '../schema/unfinished.ts';
import { emptyDatabase } from './empty.ts';

/**
 * Empties the target and loads into it: for users who may make no other database, and servers without the room for both. It
 * is not all or nothing: should it fail or be killed, the target is incomplete, and is marked so until a restore is whole.
 * @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED`, `TARGET_BUSY`, `TARGET_INVALID`, `NO_SPACE`; whose message
 * says so when the target is incomplete
 */
export async function loadInPlace(
  settings: ConnectionSettings,
  input: LoadInput,
  context: EngineContext,
  limits: LoadLimits,
  options: LoadOptions,
): Promise<LoadResult> {
  const open = (database: string) => {
    const how = { role: 'target', purpose: 'load', signal: context.signal } as const;
    return openSession({ ...settings, database }, how);
  };
  await using session = await open('');
  await using dump = await openDump({ settings, input, context, limits, options, session }, context.signal);
  await passFence(context);
  if (!(await readSchema(session, settings.database))) {
    await session.run(`CREATE DATABASE ${quoteIdent(settings.database)}`);
  }
  await using own = await open(settings.database);
  await own.run(`SET SESSION lock_wait_timeout = ${Math.max(1, Math.ceil(limits.lockWaitMs / 1_000))}`);
  await mark(own, context.clock.now());
  try {
    await emptyDatabase(own);
    await dump.fill(settings, { besides: [MARK], enableEvents: true });
    await unmark(own);
  } catch (error) {
    throw incomplete(settings, error);
  }
  return dump.result();
}

/** ER_LOCK_WAIT_TIMEOUT */
const LOCKED = 1205;

function incomplete(settings: ConnectionSettings, cause: unknown): CofreError {
  const { code, message } = toCofreError(cause);
  const isBusy = isServerError(cause) && cause.errno === LOCKED;
  return new CofreError(
    isBusy ? 'TARGET_BUSY' : code === 'INTERNAL' ? 'TARGET_INVALID' : code,
    `${nameOf(settings)} is incomplete, as its restore in place did not come to its end: ${message}`,
    {
      cause,
      hint: 'Restore once more, this backup or another (the safety backup has what was there before); until then no backup of it is made.',
    },
  );
}
