import { setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Liveness } from '../../../process.ts';
import { type MysqlSession, openSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { namesOf, newNames, type SwapNames } from './names.ts';
import { serverMark } from './server-mark.ts';

/**
 * Whoever makes something on a server holds a lock there by its name (manual, "Locking Functions"): it ends with the
 * session, so that anybody can see, from any host, whether there still is somebody. A statement that a killed maker has
 * begun goes on, and keeps the lock until it is done.
 */
export interface HeldLock extends AsyncDisposable {
  readonly session: MysqlSession;
  readonly name: string;
}

/** Of a restore. */
export interface Holder extends Omit<HeldLock, 'name'> {
  readonly names: SwapNames;
}

/** A server lets go of a session that has been silent for so long, s; and how often ours says something, ms. */
const SILENT_SECONDS = 300;
const BEAT_MS = 60_000;

/** A session on no database that holds the lock of new names. */
export async function openHolder(settings: ConnectionSettings, signal: AbortSignal): Promise<Holder> {
  const lock = await openLock(settings, signal, (server) => newNames(server).staging);
  return {
    session: lock.session,
    names: namesOf(lock.name),
    [Symbol.asyncDispose]: lock[Symbol.asyncDispose],
  };
}

/** @param makeName gets the server's mark */
export async function openLock(
  settings: ConnectionSettings,
  signal: AbortSignal,
  makeName: (server: string) => string,
): Promise<HeldLock> {
  const session = await openSession(
    { ...settings, database: '' },
    { role: 'target', purpose: 'load', signal },
  );
  try {
    await session.run(`SET SESSION wait_timeout = ${SILENT_SECONDS}`);
    const name = makeName(await serverMark(session));
    await session.query('SELECT GET_LOCK(?, 0)', [name]);
    return held(session, name);
  } catch (error) {
    await session.close();
    throw error;
  }
}

function held(session: MysqlSession, name: string): HeldLock {
  const beat = setInterval(() => void session.run('DO 0').catch(() => {}), BEAT_MS).unref();
  const dispose = async () => {
    clearInterval(beat);
    await session.close();
  };
  return { session, name, [Symbol.asyncDispose]: dispose };
}

/** How long a statement that a dead maker has begun may go on, and how often to look, ms. */
const FINISH_MS = 60_000;
const LOOK_MS = 200;

/** A server takes a moment to notice that a client is gone: whose session does nothing for so many looks may live. */
const IDLE_LOOKS = 3;

/**
 * Takes the lock of a maker that is gone. `false` when somebody has it still. Of a maker that died on this host, whose
 * connection the network keeps up, the session is ended; but not amid a statement. Of one on another host, the server says
 * whether it lives, by its session; what that has begun is waited for.
 */
export async function takeOver(session: MysqlSession, name: string, life: Liveness): Promise<boolean> {
  if (life === 'alive') return false;
  const until = performance.now() + FINISH_MS;
  for (let idle = 0; !(await lock(session, name)); await sleep(LOOK_MS)) {
    if (performance.now() >= until) return false;
    const thread = await threadWith(session, name);
    if (life === 'dead') await endIdle(session, thread);
    else if (thread === undefined || thread.Command === 'Sleep') idle += 1;
    if (idle === IDLE_LOOKS) return false;
  }
  return true;
}

async function lock(session: MysqlSession, name: string): Promise<boolean> {
  const [row] = await session.query<{ got: unknown }>('SELECT GET_LOCK(?, 0) AS got', [name]);
  return Number(row?.got) === 1;
}

export async function letGo(session: MysqlSession, name: string): Promise<void> {
  await session.query('SELECT RELEASE_LOCK(?)', [name]);
}

interface Thread {
  readonly Id: number;
  readonly Command: string;
}

/** Whose lock it is, as far as we may see it. */
async function threadWith(session: MysqlSession, name: string): Promise<Thread | undefined> {
  const [row] = await session.query<{ id: unknown }>('SELECT IS_USED_LOCK(?) AS id', [name]);
  const id = Number(row?.id ?? 0);
  const threads = await session.query<Thread>('SHOW PROCESSLIST');
  return threads.find(({ Id }) => Number(Id) === id);
}

async function endIdle(session: MysqlSession, thread: Thread | undefined): Promise<void> {
  // It may have ended by itself.
  if (thread?.Command === 'Sleep') await session.run(`KILL CONNECTION ${thread.Id}`).catch(() => {});
}
