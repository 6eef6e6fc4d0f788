import { CofreError } from '../../../errors.ts';
import type { EngineContext, Expected, Scratch } from '../../engine.ts';
import { follow } from '../../sql/load/follow.ts';
import { openSession } from '../connection/connect.ts';
import { explaining, isServerError } from '../connection/failures.ts';
import { readGrants } from '../connection/grants.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { MysqlSession } from '../connection/session.ts';
import { type ConnectionSettings, nameOf, parseUrl } from '../connection/url.ts';
import { newScratchNames, type ScratchNames, scratchNamesOf } from '../schema/scratch-names.ts';
import { type HeldLock, openLock } from '../swap/maker-lock.ts';
import { dropTest } from './leftovers.ts';
import { makeMark } from './mark.ts';

/** How long to wait for locks on what is made and dropped, and for our own last statement, s. */
const WAIT_SECONDS = 60;
/** How long the dropping over a new connection may take, ms. */
const DROP_MS = 600_000;

/**
 * An empty schema with the defaults that `like` tells, and beside it one that marks it as ours. A session holds the lock
 * of its name until it is dropped: so every host can see that its maker lives.
 * @throws {CofreError} `TARGET_INVALID`; `RESTORE_REFUSED` when the user may make none, with the statement to grant it
 * @throws {Error} what the server reports
 */
export async function makeScratch(place: string, like: Expected, context: EngineContext): Promise<Scratch> {
  const settings = parseUrl(place);
  using following = follow(context.signal);
  const makeName = (server: string) => newScratchNames(server).scratch;
  const lock = await openLock(settings, following.signal, makeName);
  const names = scratchNamesOf(lock.name);
  try {
    await make(lock.session, names, like, settings, context.clock.now());
    following.signal.throwIfAborted();
  } catch (error) {
    await dropAll(settings, names, lock).catch(() => {});
    throw error;
  }
  return scratchOf(place, settings, names, lock);
}

/** ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED */
const DENIED = [1044, 1045, 1142, 1227];

async function make(
  session: MysqlSession,
  names: ScratchNames,
  like: Expected,
  settings: ConnectionSettings,
  at: Date,
): Promise<void> {
  await session.run(`SET SESSION lock_wait_timeout = ${WAIT_SECONDS}`);
  try {
    await makeMark(session, names, at);
    await createLike(session, names.scratch, like);
  } catch (cause) {
    if (!isServerError(cause) || !DENIED.includes(cause.errno)) throw cause;
    const { account } = await readGrants(session);
    throw new CofreError(
      'RESTORE_REFUSED',
      `The user ${settings.user} may not make a database on the server of ${nameOf(settings)}, and a restore test restores into one of its own.`,
      {
        cause,
        hint: `Nothing was changed. Let an administrator run: GRANT ALL ON \`cofre\\_%\`.* TO ${account};`,
      },
    );
  }
}

/** ER_UNKNOWN_CHARACTER_SET, ER_UNKNOWN_COLLATION, ER_COLLATION_CHARSET_MISMATCH: the restore will say so. */
const UNKNOWN = [1115, 1253, 1273];

async function createLike(session: MysqlSession, name: string, { details }: Expected): Promise<void> {
  const sql = `CREATE DATABASE ${quoteIdent(name)}`;
  const characterSet = String(details?.['characterSet']);
  const collation = String(details?.['collation']);
  try {
    const isKnown = /^\w+$/.test(characterSet) && /^\w+$/.test(collation) && details?.['collation'];
    await session.run(isKnown ? `${sql} CHARACTER SET ${characterSet} COLLATE ${collation}` : sql);
  } catch (error) {
    if (!isServerError(error) || !UNKNOWN.includes(error.errno)) throw error;
    await session.run(sql);
  }
}

function scratchOf(
  place: string,
  settings: ConnectionSettings,
  names: ScratchNames,
  lock: HeldLock,
): Scratch {
  let dropping: Promise<void> | undefined;
  return {
    name: names.scratch,
    url: Object.assign(new URL(place), { pathname: `/${names.scratch}` }).href,
    server: `mysql://${settings.user}@${nameOf({ ...settings, database: '' })}`,
    version: lock.session.server.version,
    drop: () => {
      dropping ??= explaining('target', settings, new AbortController().signal, () =>
        dropAll(settings, names, lock),
      ).catch((error) => {
        // May be tried again.
        dropping = undefined;
        throw error;
      });
      return dropping;
    },
  };
}

/** Over the session that holds the lock; where that is lost, over another one. */
async function dropAll(settings: ConnectionSettings, names: ScratchNames, lock: HeldLock): Promise<void> {
  try {
    await dropTest(lock.session, names);
  } catch {
    await lock[Symbol.asyncDispose]();
    await dropAnew(settings, names);
  }
  await lock[Symbol.asyncDispose]();
}

async function dropAnew(settings: ConnectionSettings, names: ScratchNames): Promise<void> {
  const signal = AbortSignal.timeout(DROP_MS);
  const options = { role: 'target', purpose: 'sweep', signal } as const;
  await using session = await openSession({ ...settings, database: '' }, options);
  await session.run(`SET SESSION lock_wait_timeout = ${WAIT_SECONDS}`);
  const [row] = await session.query<{ got: unknown }>('SELECT GET_LOCK(?, ?) AS got', [
    names.scratch,
    WAIT_SECONDS,
  ]);
  if (Number(row?.got) !== 1) throw new Error('The statement that was sent last still runs.');
  await dropTest(session, names);
}
